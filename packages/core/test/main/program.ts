import { actor, main, type MainOptions, Supervisor, task } from "@sup/core";

/** A process for `main.integration.test.ts`: its first argument is what it does. */
const [, , scene = ""] = process.argv;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function worker(name: string, millisecondsToStop = 0): ReturnType<typeof task> {
  return task(name, async ({ signal, ready, defer }) => {
    // Something that holds the loop, as a socket does.
    const timer = setInterval(() => {}, 1_000);
    defer(() => clearInterval(timer));
    ready();
    say(`${name} started`);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await new Promise((resolve) => setTimeout(resolve, millisecondsToStop));
    say(`${name} stopped`);
  });
}

/** An actor that heeds nothing, and holds the loop for good. */
const stubborn = task("stubborn", () => {
  say("stubborn started");
  setInterval(() => {}, 1_000);
  return new Promise<void>(() => {});
});

const strict = { restartLimit: { maxRestarts: 0, window: 1 } };

const failing = task("failing", async () => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  throw new Error("the device is on fire");
});

const scenes: Record<string, () => [root: Supervisor, options?: MainOptions]> = {
  orderly: () => [new Supervisor("root", { actors: [worker("a"), worker("b", 20), worker("c")] })],
  failing: () => [new Supervisor("root", { actors: [worker("a"), failing], ...strict })],
  slow: () => [
    new Supervisor("root", { actors: [worker("slow", 60_000)], shutdownTimeout: 60_000 }),
  ],
  stubborn: () => [
    new Supervisor("root", { actors: [worker("a"), stubborn], shutdownTimeout: 20 }),
  ],
  "failing and stubborn": () => [
    new Supervisor("root", { actors: [stubborn, failing], shutdownTimeout: 20, ...strict }),
  ],
  idle: () => [
    new Supervisor("root", {
      actors: [
        actor("idle", ({ defer }) => {
          say("idle started");
          defer(() => say("idle stopped"));
          return { ask: () => 1 };
        }),
      ],
    }),
  ],
  ending: () => [new Supervisor("root", { actors: [task("short", () => say("short started"))] })],
  echo: () => {
    // A busy machine may take long to deliver the second signal.
    const now = performance.now();
    performance.now = () => now;
    const launched = task("launched", async ({ signal, ready }) => {
      ready();
      say("launched started");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      process.kill(process.pid, "SIGTERM");
      await new Promise((resolve) => setTimeout(resolve, 200));
      say("launched stopped");
    });
    return [new Supervisor("root", { actors: [launched] })];
  },
  "on SIGHUP": () => [new Supervisor("root", { actors: [worker("a")] }), { signals: ["SIGHUP"] }],
  running: () => {
    const root = new Supervisor("root", { actors: [worker("a")] });
    root.start();
    return [root];
  },
};

const [root, options] = scenes[scene]!();
await main(root, options);
const timers = process.getActiveResourcesInfo().filter((type) => type === "Timeout");
process.on("exit", () => say(timers.length === 0 ? "left at once" : "left after its timers"));
say(`after main: ${process.listenerCount("SIGINT") + process.listenerCount("SIGTERM")} listeners`);
