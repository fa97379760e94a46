import type { MailboxStatus } from "../mailbox/mailbox.ts";
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
  readonly lastError?: { readonly message: string; readonly stack?: string };
  readonly mailbox?: { readonly length: number; readonly capacity: number };
  /** The children of a supervisor. */
  readonly children?: readonly Snapshot[];
}

/** The tree below `supervisor`; `child` is what it is to the supervisor above. */
export function snapshotOf(supervisor: Supervisor, child: Child | undefined): Snapshot {
  if (child !== undefined) return snapshotOfChild(child);
  const { name, kind, status, startedAt, failure } = supervisor;
  return {
    id: 0,
    name,
    kind,
    status,
    restarts: 0,
    ...(startedAt !== undefined && { startedAt }),
    ...(failure !== undefined && { lastError: errorOf(failure) }),
    children: supervisor.children.map(snapshotOfChild),
  };
}

function snapshotOfChild(child: Child): Snapshot {
  const { id, actor, status, restarts, startedAt, lastError } = child;
  return {
    id,
    name: actor.name,
    kind: actor.kind ?? "actor",
    status,
    restarts,
    ...(startedAt !== undefined && { startedAt }),
    ...(lastError !== undefined && { lastError: errorOf(lastError) }),
    ...(actor.mailbox !== undefined && { mailbox: mailboxOf(actor.mailbox) }),
    ...(actor instanceof Supervisor && { children: actor.children.map(snapshotOfChild) }),
  };
}

function errorOf({ message, stack }: Error): { message: string; stack?: string } {
  return stack === undefined ? { message } : { message, stack };
}

function mailboxOf({ length, capacity }: MailboxStatus): { length: number; capacity: number } {
  return { length, capacity };
}
