import { Supervisor } from "@sup/core";
import { createCounter } from "../cases/core/counter.ts";
import { valueAt } from "../lib/values.ts";
import { callRows } from "./calls.ts";
import type { Peer } from "./peer.ts";

/** A supervised actor with a bounded mailbox. */
export const sup: Peer = {
  name: "@sup/core",

  start() {
    const counter = createCounter();
    const root = new Supervisor("root", { actors: [counter] });
    root.start();
    return {
      async castAll(count) {
        for (let index = 0; index < count; index += 1) {
          const room = counter.cast("add", valueAt(index));
          if (room) await room;
        }
        return counter.call("takeSum");
      },
      ...callRows((value) => counter.call("same", value)),
      stop: () => root.stop(),
    };
  },

  async spawnAndStop(count) {
    const root = new Supervisor("root");
    root.start();
    const children = Array.from({ length: count }, () => root.spawn(createCounter()));
    await root.stop();
    for (const child of children) await child.done;
  },
};
