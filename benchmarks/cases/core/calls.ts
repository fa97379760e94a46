import type { Workload } from "../../lib/bench-case.ts";
import { concurrently } from "../../lib/concurrently.ts";
import { checkCount, checkSum, valueAt } from "../../lib/values.ts";
import { startCounter, type Counter } from "./counter.ts";

/** One way to make a call. */
export type Caller = (counter: Counter, value: number) => Promise<number>;

export const call: Caller = (counter, value) => counter.call("same", value);

export const tryCall: Caller = (counter, value) => counter.tryCall("same", value);

/** A call that is given a signal, the same for every call, that is never aborted. */
export function callWithLiveSignal(): Caller {
  const options = { signal: new AbortController().signal };
  return (counter, value) => counter.call("same", value, options);
}

/** Requests and replies, one after the other; done when the sum of the replies is right. */
export function callSequentially(caller: Caller): () => Promise<Workload> {
  return callBy(1, caller);
}

/** The same by a hundred callers, each of which waits for its reply before it calls again. */
export function callConcurrently(caller: Caller): () => Promise<Workload> {
  return callBy(100, caller);
}

/** Calls with a signal that is aborted already: each must reject with its reason. */
export async function callExpired(): Promise<Workload> {
  const { counter, stop } = await startCounter();
  const reason = new Error("expired");
  const options = { signal: AbortSignal.abort(reason) };
  return {
    async sample(operations) {
      let rejected = 0;
      for (let index = 0; index < operations; index += 1) {
        try {
          await counter.call("same", valueAt(index), options);
        } catch (error) {
          if (error === reason) rejected += 1;
        }
      }
      checkCount(rejected, operations);
    },
    close: stop,
  };
}

function callBy(callers: number, caller: Caller): () => Promise<Workload> {
  return async () => {
    const { counter, stop } = await startCounter();
    return {
      async sample(operations) {
        let sum = 0;
        await concurrently(callers, async (first, step) => {
          for (let index = first; index < operations; index += step) {
            // Read after the reply: `sum += await …` would add to what the sum was before.
            const reply = await caller(counter, valueAt(index));
            sum += reply;
          }
        });
        checkSum(sum, operations);
      },
      close: stop,
    };
  };
}
