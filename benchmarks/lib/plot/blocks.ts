import type { CaseReport, Report } from "../report.ts";
import type { Block, Row } from "./plot.ts";

/** Cases that are named `what: who`: a block for each `what`, under its first operation, with a row for each `who`. */
export function blocksOf(
  { cases }: Report,
  rowOf: (found: CaseReport, who: string) => Row,
): Block[] {
  return grouped(cases, ({ name }) => partsOf(name).what).map(([first, ...others]) => ({
    heading: sentence(first.operation),
    rows: [first, ...others].map((found) => rowOf(found, partsOf(found.name).who)),
  }));
}

/** Cases with the same key together, in the order of the first of each. */
export function grouped(
  cases: readonly CaseReport[],
  keyOf: (found: CaseReport) => string,
): [CaseReport, ...CaseReport[]][] {
  const groups = new Map<string, [CaseReport, ...CaseReport[]]>();
  for (const found of cases) {
    const group = groups.get(keyOf(found));
    if (group === undefined) groups.set(keyOf(found), [found]);
    else group.push(found);
  }
  return [...groups.values()];
}

/** Whoever wins a block stands on top of it. */
export function fastestFirst(block: Block): Block {
  return { ...block, rows: block.rows.toSorted((a, b) => a.spread.median - b.spread.median) };
}

/** Whether a case is one of ours. */
export function ofWhom(who: string): Row["of"] {
  return who.startsWith("@sup/") ? "sup" : "other";
}

function partsOf(name: string): { readonly what: string; readonly who: string } {
  const end = name.indexOf(": ");
  if (end < 0) throw new RangeError(`Cannot plot case "${name}": it must be named "what: who"`);
  return { what: name.slice(0, end), who: name.slice(end + 2) };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
