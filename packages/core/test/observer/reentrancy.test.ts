import {
  type Logger,
  Supervisor,
  type SupervisorObserver,
  type SupervisorOptions,
} from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

const events = [
  "onActorRegistered",
  "onActorStarted",
  "onActorReady",
  "onActorStopped",
  "onActorRestarting",
  "onActorAbandoned",
  "onSupervisorTerminal",
  "onError",
  "logger",
] as const;

type Event = (typeof events)[number];

interface Scene {
  readonly root: Supervisor;
  readonly puppets: Puppet[];
  /** Actors that had two lives at a time. */
  readonly overlaps: string[];
  readonly stopping: AbortController;
}

/** What a callback may do to the supervisor that calls it. */
const deeds: Record<string, (scene: Scene) => unknown> = {
  "stops the supervisor": ({ root }) => root.stop(),
  "stops and starts the supervisor": ({ root }) =>
    root
      .stop()
      .then(() => root.start())
      // Another call of it was quicker.
      .catch(() => {}),
  "stops the supervisor, and starts it if it can": ({ root }) => {
    void root.stop();
    try {
      root.start();
    } catch {
      // It has not ended yet.
    }
  },
  "aborts its signal": ({ stopping }) => stopping.abort(),
  "stops the first child": ({ root }) => root.children[0]?.stop(),
  "stops every child": ({ root }) => Promise.all(root.children.map((child) => child.stop())),
  "restarts the first child": ({ root }) => root.children[0]?.restart().catch(() => {}),
  "restarts every child": ({ root }) =>
    Promise.all(root.children.map((child) => child.restart().catch(() => {}))),
  "spawns another child": ({ root, puppets }) => {
    const late = new Puppet(`late ${puppets.length}`);
    puppets.push(late);
    try {
      root.spawn(late);
    } catch {
      // It has been stopped.
    }
  },
  "crashes every life": ({ puppets }) => {
    for (const { lives } of puppets) lives.at(-1)?.fail(new Error("crashed by a callback"));
  },
  "ends every life": ({ puppets }) => {
    for (const { lives } of puppets) lives.at(-1)?.end();
  },
  "looks at everything": ({ root }) => JSON.stringify(root.snapshot()),
};

/** A supervisor whose callback for `event` does its deed the first `times` times that it is called. */
function sceneOf(
  event: Event,
  deed: (scene: Scene) => unknown,
  times: number,
  options: SupervisorOptions,
): Scene & { calls: () => number } {
  const overlaps: string[] = [];
  const puppets = ["a", "b", "c"].map(
    (name) =>
      new Puppet(name, {
        script: (life) => {
          const { lives } = puppets.find((puppet) => puppet.name === name)!;
          if (lives.filter(isRunning).length > 1) overlaps.push(name);
          if (name !== "c") life.ready();
        },
      }),
  );
  const stopping = new AbortController();
  let left = times;
  let calls = 0;
  const callback = (): void => {
    calls++;
    if (left-- > 0) void deed(scene);
  };
  const logger: Logger = {
    debug: callback,
    info: callback,
    warn: callback,
    error: callback,
    child: () => logger,
  };
  const observer: SupervisorObserver = { [event]: callback };
  const root = new Supervisor("root", {
    ...options,
    actors: puppets,
    restartDelay: 10,
    shutdownTimeout: 50,
    observer,
    ...(event === "onError" && { onError: callback }),
    ...(event === "logger" && { logger }),
  });
  const scene = { root, puppets, stopping, overlaps };
  return { ...scene, calls: () => calls };
}

function isRunning({ state }: { state: string }): boolean {
  return state === "running";
}

/** Crashes, ends and hangs, so that each event comes at least once if nobody interferes. */
async function play({ root, puppets, stopping }: Scene): Promise<void> {
  const [a, b, c] = puppets as [Puppet, Puppet, Puppet];
  root.start({ signal: stopping.signal });
  a.lives.at(-1)?.crash(new Error("crash of a"));
  await pass(20);
  c.lives.at(-1)?.hang();
  c.lives.at(-1)?.fail(new Error("crash of c"));
  await pass(5);
  void root.children[0]?.restart().catch(() => {});
  await pass(65);
  a.lives.at(-1)?.fail(new Error("another crash of a"));
  await pass();
  void root.children[0]?.restart().catch(() => {});
  b.lives.at(-1)?.end();
  await pass(20);
  for (let crash = 0; crash < 4; crash++) {
    a.lives.at(-1)?.crash(new Error("crash of a"));
    await pass(20);
  }
}

/** Nothing runs, and every actor is free for another supervisor. */
async function expectRest({ root, puppets, overlaps }: Scene): Promise<void> {
  const stopped = root.stop();
  await pass(500);
  await stopped;
  expect(overlaps).toEqual([]);
  expect(puppets.flatMap(({ lives }) => lives.filter(isRunning))).toEqual([]);
  for (const { lives } of puppets) for (const life of lives) life.end();
  for (const { status } of root.children) {
    expect(["stopped", "failed", "abandoned"]).toContain(status);
  }
  const heir = new Supervisor("heir", { actors: puppets });
  heir.start();
  expect(puppets.map(({ life }) => life.state)).toEqual(puppets.map(() => "running"));
  await heir.stop();
}

describe.each(events)("%s", (event) => {
  describe.each(["one-for-one", "one-for-all", "rest-for-one"] as const)("under %s", (strategy) => {
    it.each(Object.entries(deeds))("may be a callback that %s", async (_, deed) => {
      for (const startup of ["concurrent", "ordered"] as const) {
        for (const times of [1, 3]) {
          const scene = sceneOf(event, deed, times, {
            strategy,
            startup,
            restartLimit: { maxRestarts: 3, window: 1_000 },
          });
          await play(scene);
          expect(scene.calls()).toBeGreaterThan(0);
          await expectRest(scene);
        }
      }
    });
  });
});
