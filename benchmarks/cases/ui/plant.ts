import { once } from "node:events";
import { actor, type ActorRef, Supervisor } from "@sup/core";
import { Dashboard } from "@sup/ui";

/** A tree of 10,000 actors in groups of 100, and its dashboard. */
export interface Plant {
  readonly url: string;
  /** Changes the rows of so many actors, others each time. */
  change(rows: number): void;
  stop(): Promise<void>;
}

type Meter = ActorRef<{ measured(value: number): void }>;

const groups = 100;
const perGroup = 100;

export async function startPlant(): Promise<Plant> {
  const meters: Meter[] = [];
  const lines = Array.from({ length: groups }, (_, line) => {
    const own = Array.from({ length: perGroup }, (_, meter) =>
      createMeter(`meter ${line}-${meter}`),
    );
    meters.push(...own);
    return new Supervisor(`line ${line}`, { actors: own, policy: "permanent" });
  });
  const dashboard: Dashboard = new Dashboard("dashboard", { root: () => root, port: 0 });
  const listening = Promise.withResolvers<void>();
  const root: Supervisor = new Supervisor("plant", {
    actors: [...lines, dashboard],
    observer: {
      onActorReady: (one) => {
        if (one === dashboard) listening.resolve();
      },
    },
  });
  root.start();
  await listening.promise;
  let next = 0;
  return {
    url: dashboard.url!,
    change(rows) {
      for (let index = 0; index < rows; index += 1) {
        meters[next]!.cast("measured", index);
        next = (next + 1) % meters.length;
      }
    },
    stop: () => root.stop(),
  };
}

/** Milliseconds that pass between two readings of the tree. */
export const tick = 250;

export async function pass(ms: number): Promise<void> {
  await once(AbortSignal.timeout(ms), "abort");
}

function createMeter(name: string): Meter {
  return actor(name, () => {
    let last = 0;
    return {
      measured(value: number) {
        last = value;
        return void last;
      },
    };
  });
}
