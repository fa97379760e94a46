import { durationText } from "../../model/duration.ts";
import { middleCut } from "../../model/middle-cut.ts";
import { valueLine } from "../../model/value-display.ts";
import { visibleText } from "../../model/visible-text.ts";
import { cut } from "../text/cut.ts";
import { visibleName } from "../text/visible-name.ts";
import type { TreeNode, TreeValue } from "./tree.ts";

const columns = [
  "NAME",
  "KIND",
  "STATUS",
  "UP",
  "RESTARTS",
  "MAILBOX",
  "VALUE",
  "AGE",
  "LAST ERROR",
] as const;
/** Characters of a cell. */
const longest = { name: 80, value: 32, source: 32, error: 200 };

/** The tree as a table, a line for each supervisor and actor; `now` is in epoch milliseconds. */
export function treeText(root: TreeNode, now: number): string {
  const rows = [columns, ...rowsOf(root, "", "", now)];
  const widths = columns.map((_, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), 0),
  );
  return rows.map((row) => `${lineOf(row, widths)}\n`).join("");
}

type Row = readonly string[];

/** `branch` draws the node itself, `trunk` what stands before those below it. */
function rowsOf(node: TreeNode, branch: string, trunk: string, now: number): Row[] {
  const children = node.children ?? [];
  const below = children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    const [own, deeper] = isLast ? ["└─ ", "   "] : ["├─ ", "│  "];
    return rowsOf(child, trunk + own, trunk + deeper, now);
  });
  return [rowOf(node, branch, now), ...below];
}

function rowOf(node: TreeNode, branch: string, now: number): Row {
  const { name, kind, status, startedAt, restarts, mailbox, value, lastError } = node;
  const isUp = status === "running" || status === "ready";
  return [
    middleCut(branch + visibleName(name), longest.name),
    visibleText(kind),
    status,
    isUp && startedAt !== undefined ? durationText(now - startedAt) : "",
    String(restarts),
    mailbox === undefined ? "" : `${mailbox.length}/${mailbox.capacity}`,
    value?.value === undefined ? "" : cut(visibleText(valueLine(value.value)), longest.value),
    value === undefined ? "" : ageText(value, now),
    middleCut(visibleText(firstLine(value?.error ?? lastError?.message ?? "")), longest.error),
  ];
}

function ageText({ age, stale, staleFrom, staleSince }: TreeValue, now: number): string {
  const text = age === undefined ? "never" : durationText(age);
  if (!stale) return text;
  if (staleFrom === undefined) return `${text}, stale`;
  const source = middleCut(visibleName(staleFrom), longest.source);
  const silence =
    staleSince === undefined ? "was never updated" : `is ${durationText(now - staleSince)} old`;
  return `${text}, stale: ${source} ${silence}`;
}

function lineOf(row: Row, widths: readonly number[]): string {
  return row
    .map((cell, column) => cell.padEnd(widths[column]!))
    .join("  ")
    .trimEnd();
}

function firstLine(text: string): string {
  return text.split(/[\r\n]/, 1)[0]!;
}
