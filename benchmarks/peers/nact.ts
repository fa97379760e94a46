// oxlint-disable typescript/no-generated-empty-object-type -- nact declares its `Ref` as an empty class
import { dispatch, query, spawn, start, stop, type Ref } from "nact";
import { valueAt } from "../lib/values.ts";
import { callRows } from "./calls.ts";
import { inFlight, type Peer } from "./peer.ts";

type Message =
  | { readonly type: "add"; readonly value: number }
  | { readonly type: "same"; readonly value: number; readonly sender: Ref<number> }
  | { readonly type: "sum"; readonly sender: Ref<number> };

/** A mailbox without a bound: the sender itself waits after each thousand messages. */
export const nact: Peer = {
  name: "nact",

  start() {
    const system = start();
    const counter = spawnCounter(system, "counter");
    let before = 0;
    return {
      async castAll(count) {
        let sum = before;
        for (let index = 0; index < count; index += 1) {
          dispatch(counter, { type: "add", value: valueAt(index) });
          const full = (index + 1) % inFlight === 0;
          if (full || index === count - 1)
            sum = await query(counter, (sender: Ref<number>) => ({ type: "sum", sender }), timeout);
        }
        const taken = sum - before;
        before = sum;
        return taken;
      },
      ...callRows((value) =>
        query(counter, (sender: Ref<number>) => ({ type: "same", value, sender }), timeout),
      ),
      stop: () => stop(system),
    };
  },

  spawnAndStop(count) {
    const system = start();
    const counters = Array.from({ length: count }, (_, index) =>
      spawnCounter(system, `counter-${index}`),
    );
    for (const counter of counters) stop(counter);
    stop(system);
  },
};

const timeout = 60_000;

function spawnCounter(system: Ref<never>, name: string): Ref<Message> {
  return spawn(
    system,
    (sum: number, message: Message) => {
      switch (message.type) {
        case "add":
          return sum + message.value;
        case "same":
          dispatch(message.sender, message.value);
          break;
        case "sum":
          dispatch(message.sender, sum);
      }
      return sum;
    },
    name,
    { initialState: 0 },
  );
}
