import { Supervisor, task, type Child } from "@sup/core";
import type { Workload } from "../../lib/bench-case.ts";
import { checkCount } from "../../lib/values.ts";

/** Actors that end at once, spawned under a running supervisor; done when each child says so. */
export function spawnAndExit(): Workload {
  const jobs = new Supervisor("jobs", { policy: "temporary" });
  jobs.start();
  return {
    async sample(operations) {
      let ended = 0;
      const end = () => {
        ended += 1;
      };
      for (let left = operations; left > 0; left -= batch) {
        const children: Child[] = [];
        for (let index = 0; index < Math.min(left, batch); index += 1) {
          children.push(jobs.spawn(task("job", end)));
        }
        for (const child of children) await child.done;
      }
      checkCount(ended, operations);
      checkCount(jobs.children.length, 0);
    },
    close: () => jobs.stop(),
  };
}

const batch = 1_000;
