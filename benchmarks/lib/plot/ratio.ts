import type { CaseReport } from "../report.ts";
import type { Row } from "./plot.ts";

/** How many times its baseline's figure a case takes, and is allowed to take. */
export function ratioOf({ name, baseline }: CaseReport): Pick<Row, "spread" | "limit"> {
  if (baseline === undefined)
    throw new RangeError(`Cannot plot case "${name}": it has no baseline`);
  const { ratio, atMost } = baseline;
  return { spread: ratio, ...(atMost !== undefined && { limit: atMost }) };
}
