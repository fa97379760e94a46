import type { Node } from "./node.ts";

/** Whether `node`, or anything that it comes from, is too old. */
export function isStale(node: Node): boolean {
  const upstream = new Set([node]);
  // Visits what is added on the way, too.
  for (const one of upstream) {
    if (one.owner.isOld?.() === true) return true;
    if (one.source !== undefined) upstream.add(one.source);
    for (let edge = one.firstDependency; edge !== undefined; edge = edge.nextDependency) {
      upstream.add(edge.dependency);
    }
  }
  return false;
}
