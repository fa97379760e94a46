import type { ActorRow } from "./row.ts";

/** The rows that the tree shows, from top to bottom; sets the place of each among its siblings. */
export function treeRows(root: ActorRow | undefined): ActorRow[] {
  const shown: ActorRow[] = [];
  if (root !== undefined) walk(root, shown);
  return shown;
}

function walk(row: ActorRow, shown: ActorRow[]): void {
  shown.push(row);
  if (!row.open) return;
  for (const [place, child] of row.children.entries()) {
    child.place = place;
    walk(child, shown);
  }
}

/** All rows in the order of the tree, open or not. */
export function allRows(root: ActorRow | undefined): ActorRow[] {
  const all: ActorRow[] = root === undefined ? [] : [root];
  const pending = root === undefined ? [] : [root.children.values()];
  while (pending.length > 0) {
    const { value: row, done } = pending.at(-1)!.next();
    if (done) pending.pop();
    else {
      all.push(row);
      if (row.children.length > 0) pending.push(row.children.values());
    }
  }
  return all;
}
