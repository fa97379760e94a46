import type { Frame } from "./frame.ts";
import type { Part } from "./part.ts";
import type { Axis, Plot } from "./plot.ts";
import { element, escaped } from "./svg.ts";
import { wrapped } from "./text.ts";
import { sizes } from "./theme.ts";
import { captionOf } from "./words.ts";

/** The title, what is to be seen, and the figures of the axis. */
export function drawHeader(plot: Plot, frame: Frame): Part {
  const room = frame.right - frame.left;
  const lines = [
    ...linesOf(plot.title, "title", sizes.title, room),
    ...captionOf(plot).flatMap((line) => linesOf(line, "small", sizes.small, room)),
  ];
  const texts = lines.map(({ text, kind }, index) =>
    element("text", { class: kind, x: frame.left, y: top + index * lineHeight }, escaped(text)),
  );
  const axis = drawAxis(plot, frame, top + lines.length * lineHeight + 4);
  return { svg: [...texts, ...axis.svg], bottom: axis.bottom };
}

const top = 29;
const lineHeight = 18;

function linesOf(text: string, kind: string, size: number, room: number) {
  return wrapped(text, size, room).map((text) => ({ text, kind }));
}

function drawAxis(plot: Plot, { scale }: Frame, y: number): Part {
  const names = namesOn(plot).map(({ value, label, side }) =>
    element("text", { class: `small ${side}`, x: scale.at(value), y }, escaped(label)),
  );
  const line = names.length === 0 ? y : y + lineHeight;
  const ticks = scale.ticks.map((tick, index) => {
    const label = labelOf(tick, plot.axis, index === scale.ticks.length - 1);
    return element("text", { class: "small middle", x: scale.at(tick), y: line }, label);
  });
  return { svg: [...names, ...ticks], bottom: line + 8 };
}

/** The reference and the limit, each written away from the other one. */
function namesOn({ axis, blocks }: Plot) {
  const limit = blocks.flatMap(({ rows }) => rows).find(({ limit }) => limit !== undefined)?.limit;
  const { reference } = axis;
  const isBelow = (limit ?? Infinity) < (reference?.value ?? 0);
  return [
    ...(reference === undefined ? [] : [{ ...reference, side: isBelow ? "start" : "end" }]),
    ...(limit === undefined || axis.limit === undefined
      ? []
      : [{ value: limit, label: axis.limit, side: isBelow ? "end" : "start" }]),
  ];
}

function labelOf(tick: number, { unit }: Axis, isLast: boolean): string {
  const figure = tick.toLocaleString("en-US");
  if (unit === "×") return `${figure}×`;
  return isLast ? `${figure} ${unit}` : figure;
}
