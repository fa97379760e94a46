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
  /** An actor will be started again after `delay` ms; `restartCount` counts from 1. */
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

const queue: [callback: () => unknown, onFailed: (error: unknown) => void][] = [];

/**
 * Calls back what belongs to somebody else: in order, also when one callback causes the next event, and so that nothing
 * it throws or rejects with comes back.
 */
export function tell(callback: () => unknown, onFailed: (error: unknown) => void): void {
  // Whoever put in the first entry works the queue off; an entry leaves it when it is done.
  if (queue.push([callback, onFailed]) > 1) return;
  for (let next = queue[0]; next !== undefined; queue.shift(), next = queue[0]) {
    const [call, fail] = next;
    try {
      const result = call();
      if (isThenable(result)) result.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  }
}
