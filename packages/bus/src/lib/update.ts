import { propagate } from "./graph.ts";
import type { Node } from "./node.ts";
import type { Equal } from "./options.ts";

/** An update of a source has succeeded: its value is broadcast, unless it is equal to the one before. */
export function succeed<V>(node: Node, value: V, equal: Equal<V>): void {
  const isEqual = equal !== undefined && node.hasValue && equal(node.value as V, value);
  const now = Date.now();
  node.succeeded(now);
  if (isEqual) return;
  node.value = value;
  node.hasValue = true;
  propagate(node, now);
}
