import type { Workload } from "../../lib/bench-case.ts";
import { concurrently } from "../../lib/concurrently.ts";
import { checkCount, checkSum, valueAt } from "../../lib/values.ts";
import { capacity, createCounter, startCounter, type Counter } from "./counter.ts";

/** One sender that waits when the mailbox is full; done when the actor has handled every message. */
export function castSequentially(options?: {
  readonly signal: AbortSignal;
}): () => Promise<Workload> {
  return sumBy((counter, operations) => castAll(counter, operations, 0, 1, options));
}

/** The same by several senders. */
export function castConcurrently(options?: {
  readonly signal: AbortSignal;
}): () => Promise<Workload> {
  return sumBy((counter, operations) =>
    concurrently(senders, (first, step) => castAll(counter, operations, first, step, options)),
  );
}

/** One sender that tries; where the mailbox refuses, it waits for room with a cast. */
export function tryCastSequentially(): () => Promise<Workload> {
  return sumBy((counter, operations) => tryCastAll(counter, operations, 0, 1));
}

export function tryCastConcurrently(): () => Promise<Workload> {
  return sumBy((counter, operations) =>
    concurrently(senders, (first, step) => tryCastAll(counter, operations, first, step)),
  );
}

/** Casts with a signal that is aborted already: each must reject with its reason. */
export async function castExpired(): Promise<Workload> {
  const { counter, stop } = await startCounter();
  const reason = new Error("expired");
  const options = { signal: AbortSignal.abort(reason) };
  return {
    async sample(operations) {
      let rejected = 0;
      for (let index = 0; index < operations; index += 1) {
        try {
          await counter.cast("add", valueAt(index), options);
        } catch (error) {
          if (error === reason) rejected += 1;
        }
      }
      checkCount(rejected, operations);
      checkSum(await counter.call("takeSum"), 0);
    },
    close: stop,
  };
}

/** Refusals of a full mailbox whose actor has not been started. */
export function tryCastFull(): Workload {
  const counter = createCounter();
  for (let index = 0; index < capacity; index += 1) counter.tryCast("add", valueAt(index));
  return {
    sample(operations) {
      let refused = 0;
      for (let index = 0; index < operations; index += 1) {
        if (!counter.tryCast("add", valueAt(index))) refused += 1;
      }
      checkCount(refused, operations);
    },
  };
}

const senders = 8;

function sumBy(
  send: (counter: Counter, operations: number) => Promise<void>,
): () => Promise<Workload> {
  return async () => {
    const { counter, stop } = await startCounter();
    return {
      async sample(operations) {
        await send(counter, operations);
        checkSum(await counter.call("takeSum"), operations);
      },
      close: stop,
    };
  };
}

async function castAll(
  counter: Counter,
  operations: number,
  first: number,
  step: number,
  options: { readonly signal: AbortSignal } | undefined,
): Promise<void> {
  for (let index = first; index < operations; index += step) {
    const room = counter.cast("add", valueAt(index), options);
    if (room) await room;
  }
}

async function tryCastAll(
  counter: Counter,
  operations: number,
  first: number,
  step: number,
): Promise<void> {
  for (let index = first; index < operations; index += step) {
    const value = valueAt(index);
    if (!counter.tryCast("add", value)) await counter.cast("add", value);
  }
}
