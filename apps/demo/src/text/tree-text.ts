import type { Snapshot } from "@sup/core";
import { durationText } from "./duration.ts";

const columns = ["NAME", "KIND", "STATUS", "UP", "RESTARTS", "MAILBOX", "LAST ERROR"] as const;

/** The tree as a table, a line for each supervisor and actor; `now` is in epoch milliseconds. */
export function treeText(root: Snapshot, now: number): string {
  const rows = [columns, ...rowsOf(root, "", "", now)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `${lineOf(row, widths)}\n`).join("");
}

type Row = readonly string[];

/** `branch` draws the node itself, `trunk` what stands before those below it. */
function rowsOf(node: Snapshot, branch: string, trunk: string, now: number): Row[] {
  const children = node.children ?? [];
  const below = children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    const [own, deeper] = isLast ? ["└─ ", "   "] : ["├─ ", "│  "];
    return rowsOf(child, trunk + own, trunk + deeper, now);
  });
  return [rowOf(node, branch, now), ...below];
}

function rowOf(node: Snapshot, branch: string, now: number): Row {
  const { name, kind, status, startedAt, restarts, mailbox, lastError } = node;
  const isUp = status === "running" || status === "ready";
  return [
    branch + name,
    kind,
    status,
    isUp && startedAt !== undefined ? durationText(now - startedAt) : "",
    String(restarts),
    mailbox === undefined ? "" : `${mailbox.length}/${mailbox.capacity}`,
    lastError === undefined ? "" : firstLine(lastError.message),
  ];
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
