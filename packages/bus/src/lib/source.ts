import { isDependency } from "./foreign.ts";
import type { Node } from "./node.ts";
import { show } from "./options.ts";
import type { Reader } from "./provider.ts";

/** Checks what another value takes its values from. */
export function checkSource(action: string, source: unknown): void {
  if (isDependency(source) && typeof (source as { read?: unknown }).read === "function") return;
  throw new TypeError(
    `${action}: \`source\` must have \`read\`, and \`onChange\` or \`watch\`, got ${show(source)}`,
  );
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
