import { sparkline } from "../model/sparkline.ts";
import { type Child, h } from "../view/h.ts";

/** The last minute as a line, with what is below it tinted where it is whole. */
export function Spark({
  of,
  width,
  height,
}: {
  of: number[];
  width: number;
  height: number;
}): Child {
  const line = sparkline(of, width, height);
  const isWhole = line !== "" && Number.isFinite(of.at(-1)) && !line.includes("M", 1);
  const area = isWhole ? `${line}V${height}H${Number.parseFloat(line.slice(1))}z` : "";
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="area" d={area} />
      <path d={line} />
    </svg>
  );
}
