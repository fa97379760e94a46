import { createActor, fromTransition } from "xstate";
import { valueAt } from "../lib/values.ts";
import { callRows } from "./calls.ts";
import type { Peer } from "./peer.ts";

type Event =
  | { readonly type: "add"; readonly value: number }
  | { readonly type: "same"; readonly value: number; reply(value: number): void }
  | { readonly type: "takeSum"; reply(value: number): void };

/** Transition logic, the fastest that xstate has. `send` runs it before it returns, so that nothing ever waits. */
export const xstate: Peer = {
  name: "xstate",

  start() {
    const counter = createActor(logic).start();
    return {
      castAll(count) {
        for (let index = 0; index < count; index += 1)
          counter.send({ type: "add", value: valueAt(index) });
        return new Promise((reply) => counter.send({ type: "takeSum", reply }));
      },
      ...callRows((value) => new Promise((reply) => counter.send({ type: "same", value, reply }))),
      stop: () => void counter.stop(),
    };
  },

  spawnAndStop(count) {
    const counters = Array.from({ length: count }, () => createActor(logic).start());
    for (const counter of counters) counter.stop();
  },
};

const logic = fromTransition(
  (state: { readonly sum: number }, event: Event) => {
    switch (event.type) {
      case "add":
        return { sum: state.sum + event.value };
      case "same":
        event.reply(event.value);
        return state;
      case "takeSum":
        event.reply(state.sum);
    }
    return { sum: 0 };
  },
  { sum: 0 },
);
