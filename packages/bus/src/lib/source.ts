import type { Check } from "@sup/core/adapter";
import { isDependency } from "./foreign.ts";
import type { Node } from "./node.ts";
import type { Reader } from "./provider.ts";

/** Checks what another value takes its values from. */
export function checkSource(check: Check, source: unknown): void {
  if (isDependency(source) && typeof (source as { read?: unknown }).read === "function") return;
  check.refuse("source", "something with `read`, and `onChange` or `watch`", source);
}

/**
 * Gives `node` what its source has, where there is something.
 * @returns what reads it as long as it has no value
 */
export function begin(node: Node, source: Reader<unknown>, from: Node): () => unknown {
  node.source = from;
  try {
    const value = source.read();
    if (from.hasValue) node.take(value);
    node.updatedAt = from.updatedAt;
    return () => undefined;
  } catch (cause) {
    return () => {
      throw new Error(`Cannot read "${node.name}": its source has had no value yet`, { cause });
    };
  }
}
