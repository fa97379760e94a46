import { roundRobin } from "@sup/hub";
import type { Workload } from "../../lib/bench-case.ts";
import { checkSum, valueAt } from "../../lib/values.ts";

type Work = (value: number) => Promise<number>;

export function retry(): Workload {
  const hub = roundRobin(createWork(10));
  return sumOf((value) => hub.retry(3, (work) => work(value)));
}

export function bareCall(): Workload {
  const [work] = createWork(1);
  return sumOf((value) => work!(value));
}

export function fanOutWait(): Workload {
  const hub = roundRobin(createWork(10));
  return sumOf(async (value) => sameOf(await hub.fanOutWait((work) => work(value))));
}

export function bareAll(): Workload {
  const all = createWork(10);
  return sumOf(async (value) => sameOf(await Promise.all(all.map((work) => work(value)))));
}

/** Functions that return what they get, as a worker would after its work. */
function createWork(count: number): Work[] {
  return Array.from({ length: count }, () => async (value: number) => value);
}

function sumOf(run: Work): Workload {
  return {
    async sample(operations) {
      let sum = 0;
      for (let index = 0; index < operations; index += 1) {
        const value = await run(valueAt(index));
        sum += value;
      }
      checkSum(sum, operations);
    },
  };
}

/** The value that all of them are. */
function sameOf(values: readonly number[]): number {
  const [first = Number.NaN] = values;
  return values.length === 10 && values.every((value) => value === first) ? first : Number.NaN;
}
