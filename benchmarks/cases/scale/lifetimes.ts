import type { Workload } from "../../lib/bench-case.ts";
import { Crowd } from "./crowd.ts";

/** Spawns that many actors; done when each of them has run its setup. */
export function spawnAll(perSupervisor: number): Workload {
  let crowd = new Crowd();
  return {
    sample: (count) => crowd.spawn(count, perSupervisor),
    async afterSample() {
      await crowd.stop();
      crowd = new Crowd();
    },
  };
}

/** One cast to each of that many new actors; done when each has handled it. */
export function castToAll(perSupervisor: number): Workload {
  let crowd = new Crowd();
  return {
    beforeSample: (count) => crowd.spawn(count, perSupervisor),
    sample: () => crowd.cast(),
    async afterSample() {
      await crowd.stop();
      crowd = new Crowd();
    },
  };
}

/** Stops that many actors by stopping their supervisors. */
export function stopAll(perSupervisor: number): Workload {
  let crowd = new Crowd();
  return {
    beforeSample: (count) => crowd.spawn(count, perSupervisor),
    sample: () => crowd.stop(),
    afterSample() {
      crowd = new Crowd();
    },
  };
}
