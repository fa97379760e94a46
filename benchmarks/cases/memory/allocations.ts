import { concurrently } from "../../lib/concurrently.ts";
import { allocatedBy } from "../../lib/heap.ts";
import { checkSum, valueAt } from "../../lib/values.ts";
import { startCounter, type Counter } from "../core/counter.ts";

type Options = { readonly signal: AbortSignal } | undefined;

/** Bytes that a cast allocates, with all that the run around it needs. */
export function castAllocation(options?: Options): (operations: number) => Promise<number> {
  return async (operations) => {
    const { counter, stop } = await startCounter();
    const bytes = await allocationOf(operations, (count) => castAll(counter, count, options));
    await stop();
    return bytes;
  };
}

/** Bytes that a call allocates with its caller's `await`. */
export function callAllocation(options?: Options): (operations: number) => Promise<number> {
  return async (operations) => {
    const { counter, stop } = await startCounter();
    const bytes = await allocationOf(operations, (count) =>
      replies(count, (value) => counter.call("same", value, options)),
    );
    await stop();
    return bytes;
  };
}

/** Bytes of the same run where each call is nothing but a promise that is settled a little later. */
export async function promiseAllocation(operations: number): Promise<number> {
  const queue = new BarePromises();
  return allocationOf(operations, (count) => replies(count, (value) => queue.call(value)));
}

/** What a call allocates beyond its promise with its two functions, and its caller's `await`. */
export function callAllocationBeyondPromise(
  options?: Options,
): (operations: number) => Promise<number> {
  const callBytes = callAllocation(options);
  return async (operations) =>
    (await callBytes(operations)) - (await promiseAllocation(operations));
}

/** Measured when it is warm; the lowest of three, because what V8's own threads allocate meanwhile only adds. */
async function allocationOf(
  operations: number,
  run: (count: number) => Promise<void>,
): Promise<number> {
  for (let round = 0; round < 3; round += 1) await run(operations);
  let lowest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    lowest = Math.min(lowest, await allocatedBy(() => run(operations)));
  }
  return lowest / operations;
}

async function castAll(counter: Counter, count: number, options: Options): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const room = counter.cast("add", valueAt(index), options);
    if (room) await room;
  }
  checkSum(await counter.call("takeSum"), count);
}

/** By 100 callers, so that the actor's own turn of the loop is shared by a hundred calls. */
async function replies(count: number, call: (value: number) => Promise<number>): Promise<void> {
  let sum = 0;
  await concurrently(100, async (first, step) => {
    for (let index = first; index < count; index += step) {
      const reply = await call(valueAt(index));
      sum += reply;
    }
  });
  checkSum(sum, count);
}

/** Calls without an actor: one microtask settles all that are waiting. Nothing is allocated but promises and their functions. */
class BarePromises {
  readonly #values: number[] = [];
  readonly #resolvers: ((value: number) => void)[] = [];
  readonly #rejecters: ((reason: unknown) => void)[] = [];
  #waiting = 0;

  call(value: number): Promise<number> {
    if (this.#waiting === 0) queueMicrotask(this.#settleAll);
    this.#values[this.#waiting] = value;
    return new Promise(this.#keep);
  }

  readonly #keep = (resolve: (value: number) => void, reject: (reason: unknown) => void): void => {
    this.#resolvers[this.#waiting] = resolve;
    this.#rejecters[this.#waiting] = reject;
    this.#waiting += 1;
  };

  readonly #settleAll = (): void => {
    for (let index = 0; index < this.#waiting; index += 1) {
      this.#resolvers[index]?.(this.#values[index] ?? 0);
    }
    this.#waiting = 0;
  };
}
