import { actor, Supervisor } from "@sup/core";

/** The capacity of every mailbox in the table. */
export const capacity = 1_000;

/** An actor that sums what it gets. */
export function createCounter() {
  return actor(
    "counter",
    () => {
      let sum = 0;
      return {
        add(value: number) {
          sum += value;
        },
        same: (value: number) => value,
        takeSum() {
          const taken = sum;
          sum = 0;
          return taken;
        },
      };
    },
    { capacity },
  );
}

/** The counter's reference, as senders see it. */
export type Counter = ReturnType<typeof createCounter>;

/** A counter that runs under a supervisor. */
export async function startCounter() {
  const counter = createCounter();
  const root = new Supervisor("root", { actors: [counter] });
  root.start();
  await counter.call("takeSum");
  return { counter, stop: () => root.stop() };
}
