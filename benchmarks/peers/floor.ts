import { valueAt } from "../lib/values.ts";
import { callRows } from "./calls.ts";
import { FloorActor } from "./floor-actor.ts";
import type { Peer } from "./peer.ts";

/** Not a library: the hundred lines that a library is measured by. */
export const floor: Peer = {
  name: "floor",

  start() {
    const counter = createCounter();
    return {
      async castAll(count) {
        for (let index = 0; index < count; index += 1) {
          const room = counter.cast("add", valueAt(index));
          if (room) await room;
        }
        return counter.call("takeSum", 0);
      },
      ...callRows((value) => counter.call("same", value)),
      stop: () => counter.stop(),
    };
  },

  spawnAndStop(count) {
    const counters = Array.from({ length: count }, createCounter);
    for (const counter of counters) counter.stop();
  },
};

function createCounter(): FloorActor {
  let sum = 0;
  return new FloorActor({
    add(value) {
      sum += value;
    },
    same: (value) => value,
    takeSum() {
      const taken = sum;
      sum = 0;
      return taken;
    },
  });
}
