import type { Child, ChildStatus } from "./child.ts";
import { Supervisor } from "./supervisor.ts";

/** One actor, and what is below it, as plain data that JSON can carry. */
export interface Snapshot {
  /** The child's id; 0 for a supervisor that is nobody's child. */
  readonly id: number;
  readonly name: string;
  /** `"supervisor"`, `"actor"`, `"task"`, or what the actor calls itself. */
  readonly kind: string;
  readonly status: ChildStatus;
  readonly restarts: number;
  /** When the present or last life began, in epoch milliseconds. */
  readonly startedAt?: number;
  /** The last crash, also when the actor was restarted since. */
  readonly lastError?: { readonly message: string; readonly stack?: string };
  readonly mailbox?: { readonly length: number; readonly capacity: number };
  /** The children of a supervisor. */
  readonly children?: readonly Snapshot[];
}

/** What `snapshotOf` reads: a child, or a supervisor that is nobody's. */
type Subject = Pick<Child, "id" | "actor" | "status" | "restarts" | "startedAt" | "lastError">;

/** What is not known is left out. */
export function snapshotOf(subject: Subject): Snapshot {
  const { id, actor, status, restarts, startedAt, lastError } = subject;
  const { name, kind = "actor", mailbox } = actor;
  return {
    id,
    name,
    kind,
    status,
    restarts,
    ...(startedAt && { startedAt }),
    ...(lastError && { lastError: textOf(lastError) }),
    ...(mailbox && { mailbox: { length: mailbox.length, capacity: mailbox.capacity } }),
    ...(actor instanceof Supervisor && { children: actor.children.map(snapshotOf) }),
  };
}

/** Whoever made the error may have put anything into it. */
function textOf({ message, stack }: { message: unknown; stack?: unknown }): {
  message: string;
  stack?: string;
} {
  return { message: String(message), ...(stack ? { stack: String(stack) } : {}) };
}
