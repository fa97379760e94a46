import { Derived, type Node } from "./node.ts";

/** Whether `node`, or anything that it comes from, is too old. */
export function isStale(node: Node): boolean {
  const upstream = new Set([node]);
  // Visits what is added on the way, too.
  for (const one of upstream) {
    if (one.isOld()) return true;
    if (one.source !== undefined) upstream.add(one.source);
    if (!(one instanceof Derived)) continue;
    for (let edge = one.firstDependency; edge !== undefined; edge = edge.nextDependency) {
      upstream.add(edge.dependency);
    }
  }
  return false;
}
