import type { Status } from "@sup/bus";
import { type Child, type Snapshot, Supervisor } from "@sup/core";

/** A node of the tree; one that is a value of the bus says which. */
export interface TreeNode extends Omit<Snapshot, "children"> {
  readonly value?: TreeValue;
  readonly children?: readonly TreeNode[];
}

/** A value, and how far it can be trusted. */
export interface TreeValue {
  /** The last good value; left out where there was none. */
  readonly value?: unknown;
  /** Milliseconds since the last update that succeeded; left out where none has. */
  readonly age?: number;
  /** Why the last update failed; left out when it succeeded. */
  readonly error?: string;
  readonly stale: boolean;
}

/** The snapshot of a supervisor with the values of the bus in it, at `now` in epoch milliseconds. */
export function treeOf(root: Supervisor, now: number): TreeNode {
  return nodeOf(root.snapshot(), actorsOf(root), now);
}

/** Actors by the id of their child. */
type Actors = ReadonlyMap<number, Child["actor"]>;

function actorsOf(root: Supervisor): Actors {
  const actors = new Map<number, Child["actor"]>();
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

function nodeOf({ children, ...own }: Snapshot, actors: Actors, now: number): TreeNode {
  const actor = actors.get(own.id);
  return {
    ...own,
    ...(actor && isValue(actor) && { value: valueOf(actor.status(), now) }),
    ...(children && { children: children.map((child) => nodeOf(child, actors, now)) }),
  };
}

/** All values of the bus have this, and one's own can. */
function isValue(actor: object): actor is { status(): Status<unknown> } {
  return "status" in actor && typeof actor.status === "function";
}

function valueOf({ value, updatedAt, error, stale }: Status<unknown>, now: number): TreeValue {
  return {
    ...(value !== undefined && { value }),
    ...(updatedAt !== undefined && { age: Math.max(0, now - updatedAt) }),
    ...(error !== undefined && { error: error.message }),
    stale,
  };
}
