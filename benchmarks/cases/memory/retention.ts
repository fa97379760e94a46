import { getEventListeners } from "node:events";
import { actor, Supervisor } from "@sup/core";
import { concurrently } from "../../lib/concurrently.ts";
import { retainedBy } from "../../lib/heap.ts";
import { checkCount, checkSum, valueAt } from "../../lib/values.ts";
import { startCounter } from "../core/counter.ts";

/** Bytes that an actor with state and two handlers takes while it waits for its first message. */
export async function idleActor(operations: number): Promise<number> {
  const root = new Supervisor("root");
  root.start();
  const actors: unknown[] = [];
  const bytes = await retainedBy(async () => {
    for (let index = 0; index < operations; index += 1) {
      const meter = createMeter(`meter-${index}`);
      root.spawn(meter);
      actors.push(meter);
    }
  });
  checkCount(root.children.filter(({ status }) => status === "ready").length, operations);
  checkCount(actors.length, operations);
  await root.stop();
  return bytes / operations;
}

/** Bytes that stay behind of each call and each cast on one signal that lives on. */
export async function liveSignal(operations: number): Promise<number> {
  const { counter, stop } = await startCounter();
  const { signal } = new AbortController();
  const options = { signal };
  const send = async (count: number) => {
    let sum = 0;
    await concurrently(100, async (first, step) => {
      for (let index = first; index < count; index += step) {
        const reply = await counter.call("same", valueAt(index), options);
        sum += reply;
      }
    });
    checkSum(sum, count);
    for (let index = 0; index < count; index += 1) {
      const room = counter.cast("add", valueAt(index), options);
      if (room) await room;
    }
    checkSum(await counter.call("takeSum"), count);
  };

  await send(operations);
  const bytes = await retainedBy(() => send(operations));
  checkCount(getEventListeners(signal, "abort").length, 0);
  await stop();
  return bytes / operations;
}

function createMeter(name: string) {
  return actor(name, () => {
    let reading = 0;
    return {
      measured(value: number) {
        reading = value;
      },
      get: () => reading,
    };
  });
}
