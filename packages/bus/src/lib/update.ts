import { propagate } from "./graph.ts";
import type { Node } from "./node.ts";
import { presentTime } from "./time.ts";

/** An update of a source has succeeded: its value is broadcast, unless it is equal to the one before. */
export function succeed(node: Node, value: unknown): void {
  const isEqual = node.isEqual(value);
  const at = presentTime();
  node.succeeded(at);
  node.owner.succeeded?.();
  if (isEqual) {
    node.unchanged++;
  } else {
    node.take(value);
    propagate(node, at);
  }
}
