import type { Actor } from "../actor/context.ts";
import type { Message } from "../mailbox/message.ts";
import { isThenable } from "../outcome.ts";

/** A message of any protocol, as an observer sees it. */
export type AnyMessage = Message<Record<string, (payload: unknown) => unknown>>;

/**
 * Told of what happens under a supervisor and those nested below it, after the fact and in order. What a callback throws
 * or rejects with is logged, and changes nothing.
 */
export interface SupervisorObserver {
  /** An actor came under supervision. */
  onActorRegistered?(actor: Actor): void;
  /** A life begins. */
  onActorStarted?(actor: Actor): void;
  /** A life called `ready()`. */
  onActorReady?(actor: Actor): void;
  /** A life has ended, its cleanups done; with the error if it crashed. */
  onActorStopped?(actor: Actor, error?: Error): void;
  /**
   * An actor will be started again after `delay` ms; `restartCount` counts from 1. Of a group that restarts together only the
   * one whose end was the cause is told of here: the others are stopped and started, and `restartCount` counts that, too.
   */
  onActorRestarting?(
    actor: Actor,
    restartCount: number,
    lastError: Error | undefined,
    delay: number,
  ): void;
  /** A life outlasted its `shutdownTimeout` and was left behind. */
  onActorAbandoned?(actor: Actor): void;
  /** A message was accepted and will never be handled; see `MailboxOptions.onUndelivered`. */
  onMessageUndelivered?(actor: Actor, message: AnyMessage, reason: Error): void;
  /** A supervisor gave up: a restart limit was crossed. */
  onSupervisorTerminal?(error: Error): void;
}

const queue = new Set<[callback: () => unknown, onFailed: (error: unknown) => void]>();
let held = false;

/**
 * Calls back what belongs to somebody else: in order, also when one callback causes the next event, and so that nothing
 * it throws or rejects with comes back.
 */
export function tell(callback: () => unknown, onFailed: (error: unknown) => void): void {
  queue.add([callback, onFailed]);
  if (!held) deliver();
}

/** Lets `change` come to its end before what it tells is told: a callback may cause the next change. */
export function undisturbed(change: () => void): void {
  if (held) return change();
  held = true;
  try {
    change();
  } finally {
    held = false;
    deliver();
  }
}

function deliver(): void {
  held = true;
  try {
    // What a callback causes joins the queue.
    for (const told of queue) {
      queue.delete(told);
      const [call, fail] = told;
      try {
        const result = call();
        if (isThenable(result)) result.then(undefined, fail);
      } catch (error) {
        fail(error);
      }
    }
  } finally {
    // Also where the stack has come to its end: what is left then is told with what comes next.
    held = false;
  }
}
