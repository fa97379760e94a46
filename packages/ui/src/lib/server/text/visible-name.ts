import { invisible, writtenOut } from "../../model/visible-text.ts";

// Beside what is invisible in any text: spaces that look like others, and those of which nobody sees that, or how many, there are.
const unseen = String.raw`${invisible.source}|(?! )\p{Zs}|^ | $| (?= )`;
const isOdd = new RegExp(String.raw`${unseen}|\\u`, "u");
const odd = new RegExp(String.raw`${unseen}|\\`, "gu");

/**
 * A name in which everything is seen: what cannot be is written out as in `pump\u0020`, and a backslash of such a name twice,
 * so that no two names become the same.
 */
export function visibleName(name: string): string {
  if (!isOdd.test(name)) return name;
  return name.replace(odd, (character) => (character === "\\" ? "\\\\" : writtenOut(character)));
}
