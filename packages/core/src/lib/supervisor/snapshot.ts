import type { MailboxStatus } from "../mailbox/mailbox.ts";
import type { Child, ChildStatus } from "./child.ts";
import type { RestartPolicy } from "./child-options.ts";
import type { RestartBudget } from "./restart-limit.ts";
import { type Strategy, Supervisor } from "./supervisor.ts";

/** One actor, and what is below it, as plain data that JSON can carry. */
export interface Snapshot {
  /** The child's id; 0 for a supervisor that is nobody's child. */
  readonly id: number;
  /** The actor's name. */
  readonly name: string;
  /** `"supervisor"`, `"actor"`, `"task"`, or what the actor calls itself. */
  readonly kind: string;
  /** Where the child is. */
  readonly status: ChildStatus;
  /** A supervisor that is nobody's child has none. */
  readonly policy?: RestartPolicy;
  /** Of a supervisor. */
  readonly strategy?: Strategy;
  /** Lives that were started after the first one. */
  readonly restarts: number;
  /** When the present or last life began, in epoch milliseconds. */
  readonly startedAt?: number;
  /** The last crash, also when the actor was restarted since. */
  readonly lastError?: { readonly message: string; readonly stack?: string };
  /** When a child that is `waiting` begins its next life, in epoch milliseconds. */
  readonly restartsAt?: number;
  /** Of a child that its supervisor restarts alone, and not too often. */
  readonly restartBudget?: RestartBudget;
  /** Of a supervisor that restarts its children as a group, and not too often. */
  readonly groupBudget?: RestartBudget;
  /** Of an actor that has a mailbox: what is queued, what may be, and how it goes on. */
  readonly mailbox?: {
    readonly length: number;
    readonly capacity: number;
    /** Messages that were handed to receivers so far. */
    readonly handled: number;
    /** When the oldest queued message was accepted, in epoch milliseconds. */
    readonly oldestAt?: number;
  };
  /** The children of a supervisor. */
  readonly children?: readonly Snapshot[];
}

/** What `snapshotOf` reads: a child, or a supervisor that is nobody's. */
type Subject = Pick<Child, "id" | "actor" | "status" | "restarts" | "startedAt" | "lastError"> &
  Partial<Pick<Child, "options" | "restartsAt" | "restartBudget">>;

/** What is not known is left out. */
export function snapshotOf(subject: Subject): Snapshot {
  const { id, actor, status, options, restarts, startedAt, lastError } = subject;
  const { restartsAt, restartBudget } = subject;
  const { name, kind = "actor", mailbox } = actor;
  return {
    id,
    name,
    kind,
    status,
    ...(options && { policy: options.policy }),
    restarts,
    ...(startedAt && { startedAt }),
    ...(restartsAt && { restartsAt }),
    ...(restartBudget && { restartBudget }),
    ...(lastError && { lastError: textOf(lastError) }),
    ...(mailbox && { mailbox: statusOf(mailbox) }),
    ...(actor instanceof Supervisor && belowOf(actor)),
  };
}

function statusOf({
  length,
  capacity,
  handled,
  oldestAt,
}: MailboxStatus): NonNullable<Snapshot["mailbox"]> {
  return { length, capacity, handled, ...(oldestAt && { oldestAt }) };
}

function belowOf({ strategy, restartBudget, children }: Supervisor): Partial<Snapshot> {
  return {
    strategy,
    ...(restartBudget && { groupBudget: restartBudget }),
    children: children.map(snapshotOf),
  };
}

/** Whoever made the error may have put anything into it. */
function textOf({ message, stack }: { message: unknown; stack?: unknown }): {
  message: string;
  stack?: string;
} {
  return { message: String(message), ...(stack ? { stack: String(stack) } : {}) };
}
