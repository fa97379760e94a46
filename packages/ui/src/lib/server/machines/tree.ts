import type { Status } from "@sup/bus";
import { type Actor, type Snapshot, Supervisor } from "@sup/core";
import { toInspectable } from "../detail/value-detail.ts";
import { errorLine } from "../text/error-text.ts";
import { nameOf } from "../text/name.ts";
import type { Redact } from "../text/redaction.ts";
import { safely } from "../text/safely.ts";
import { valueText } from "../text/value-text.ts";

/** A node of the tree; one that is a value of the bus says which. */
export interface TreeNode extends Omit<Snapshot, "children"> {
  readonly value?: TreeValue;
  readonly children?: readonly TreeNode[];
}

/** A value, and how far it can be trusted. */
export interface TreeValue {
  /** The last good value, redacted and cut; left out where there was none. */
  readonly value?: unknown;
  /** Milliseconds since the last update that succeeded; left out where none has. */
  readonly age?: number;
  /** Why the last update failed; left out when it succeeded. */
  readonly error?: string;
  readonly stale: boolean;
}

/** Characters of one value. */
const longestValue = 2_048;

/** The snapshot of a supervisor with the values of the bus in it, at `now` in epoch milliseconds. */
export function treeOf(root: Supervisor, now: number, redact: Redact | undefined): TreeNode {
  const actors = actorsOf(root);
  const nodeOf = ({ children, ...own }: Snapshot): TreeNode => {
    const actor = actors.get(own.id);
    const value = actor && safely(() => valueOf(actor, now, redact), undefined);
    return {
      ...own,
      ...(value && { value }),
      ...(children && { children: children.map(nodeOf) }),
    };
  };
  return nodeOf(root.snapshot());
}

/** Actors by the id of their child. */
function actorsOf(root: Supervisor): Map<number, Actor> {
  const actors = new Map<number, Actor>();
  const supervisors = [root];
  // Visits what is added on the way, too.
  for (const { children } of supervisors) {
    for (const { id, actor } of children) {
      actors.set(id, actor);
      if (actor instanceof Supervisor) supervisors.push(actor);
    }
  }
  return actors;
}

function valueOf(actor: Actor, now: number, redact: Redact | undefined): TreeValue | undefined {
  const value = toInspectable(actor);
  if (value === undefined) return undefined;
  const { value: current, updatedAt, error, stale }: Status<unknown> = value.status();
  return {
    ...(current !== undefined && { value: shown(nameOf(value), current, redact) }),
    ...(updatedAt !== undefined && { age: Math.max(0, now - updatedAt) }),
    ...(error !== undefined && { error: errorLine(error) }),
    stale,
  };
}

/** As data where all of it fits, else as the begin of its text. */
function shown(name: string, value: unknown, redact: Redact | undefined): unknown {
  const text = valueText(name, value, { length: longestValue, redact });
  return safely(() => JSON.parse(text) as unknown, text);
}
