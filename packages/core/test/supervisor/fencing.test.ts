import { actor, type Actor, type ActorContext, Mailbox, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

interface Protocol {
  work(number: number): string;
}

/** An actor whose loop the test drives: each life shows what it received, and may go on after it was left behind. */
class Looping implements Actor {
  readonly name = "looping";
  readonly mailbox = new Mailbox<Protocol>();
  readonly received: string[] = [];
  readonly contexts: ActorContext[] = [];
  readonly releases: (() => void)[] = [];
  readonly #optionsOf: (context: ActorContext) => { signal?: AbortSignal };

  constructor(optionsOf: (context: ActorContext) => { signal?: AbortSignal }) {
    this.#optionsOf = optionsOf;
  }

  async run(context: ActorContext): Promise<void> {
    const life = this.contexts.push(context);
    const { signal } = context;
    for await (const message of this.mailbox.receive(this.#optionsOf(context))) {
      this.received.push(`${life}:${message.payload}`);
      if (message.payload === 0) await new Promise<void>((resolve) => this.releases.push(resolve));
      message.reply(`life ${life}`);
    }
    // It was told to end, and receives again all the same.
    for await (const message of this.mailbox.receive({ signal })) {
      this.received.push(`${life} again:${message.payload}`);
    }
  }
}

describe("a life that was left behind", () => {
  it("changes nothing by its late end, late crash or late words", async () => {
    const recorder = new Recorder();
    const errors: Error[] = [];
    const worker = new Puppet("worker", { script: (life) => life.hang() });
    const root = new Supervisor("root", {
      actors: [worker],
      observer: recorder,
      onError: (_, error) => errors.push(error),
    });
    root.start();
    const restarted = root.children[0]?.restart();
    await pass(5_000);
    await restarted;
    recorder.clear();
    const [old, present] = worker.lives;
    old?.ready();
    old?.fail(new Error("late"));
    old?.finish();
    old?.crash(new Error("late"));
    await pass(10_000);
    expect(recorder.lines).toEqual([]);
    expect(errors).toEqual([]);
    expect(root.children[0]?.status).toBe("running");
    expect(present?.context.signal.aborted).toBe(false);
    present?.end();
    await root.wait();
  });

  it("ends late without a trace when its supervisor has ended, or runs anew", async () => {
    const recorder = new Recorder();
    const worker = new Puppet("worker");
    const root = new Supervisor("root", { actors: [worker], observer: recorder });
    root.start();
    worker.life.hang();
    const stopped = root.stop();
    await pass(5_000);
    await stopped;
    root.start();
    recorder.clear();
    worker.lives[0]?.crash(new Error("late"));
    await pass(10_000);
    expect(recorder.lines).toEqual([]);
    await root.stop();
  });

  const ways: [how: string, optionsOf: (context: ActorContext) => { signal?: AbortSignal }][] = [
    ["with its context", (context) => context],
    ["with its signal", ({ signal }) => ({ signal })],
    ["with a signal derived from its own", ({ signal }) => ({ signal: AbortSignal.any([signal]) })],
    ["without a signal from its own mailbox", () => ({})],
  ];

  it.each(ways)(
    "receives no more %s, and the next life gets all that is queued",
    async (_, way) => {
      const looping = new Looping(way);
      const root = new Supervisor("root", { actors: [looping] });
      root.start();
      const lost = looping.mailbox.call("work", 0);
      const queued = looping.mailbox.call("work", 1);
      await pass();
      looping.contexts[0]?.fail(new Error("stuck"));
      await pass(5_000);
      await expect(lost).rejects.toMatchObject({
        code: "ACTOR_CRASHED",
        cause: new Error("stuck"),
      });
      await pass(1_000);
      await expect(queued).resolves.toBe("life 2");
      looping.releases[0]?.();
      await pass();
      await expect(looping.mailbox.call("work", 2)).resolves.toBe("life 2");
      expect(looping.received).toEqual(["1:0", "2:1", "2:2"]);
      await root.stop();
    },
  );

  it("has no handler called any more when it serves, and its late reply is dropped", async () => {
    const handled: string[] = [];
    const releases: (() => void)[] = [];
    const contexts: ActorContext[] = [];
    const server = actor("server", (context) => {
      const life = contexts.push(context);
      return {
        async work(number: number) {
          handled.push(`${life}:${number}`);
          if (number === 0) await new Promise<void>((resolve) => releases.push(resolve));
          return `life ${life}`;
        },
      };
    });
    const root = new Supervisor("root", { actors: [server] });
    root.start();
    const lost = server.call("work", 0);
    const queued = server.call("work", 1);
    await pass();
    contexts[0]?.fail(new Error("stuck"));
    await pass(5_000);
    await expect(lost).rejects.toMatchObject({ code: "ACTOR_CRASHED" });
    await pass(1_000);
    await expect(queued).resolves.toBe("life 2");
    releases[0]?.();
    await pass();
    await expect(server.call("work", 2)).resolves.toBe("life 2");
    expect(handled).toEqual(["1:0", "2:1", "2:2"]);
    await root.stop();
  });

  it("does not come to serve when its setup returns after it was left behind", async () => {
    const handled: number[] = [];
    const setups: (() => void)[] = [];
    let lives = 0;
    const slow = actor("slow", async () => {
      const life = ++lives;
      await new Promise<void>((resolve) => setups.push(resolve));
      return { work: () => void handled.push(life) };
    });
    const root = new Supervisor("root", { actors: [slow] });
    root.start();
    const restarted = root.children[0]?.restart();
    await pass(5_000);
    await restarted;
    slow.cast("work");
    setups[0]?.();
    await pass();
    expect([handled, slow.mailbox.length]).toEqual([[], 1]);
    setups[1]?.();
    await pass();
    expect(handled).toEqual([2]);
    await root.stop();
  });

  it("tells each handler in hand that it must hurry, by its signal", async () => {
    const aborted = vi.fn();
    const server = actor("server", () => ({
      work: (_: number, { signal }: { signal: AbortSignal }) =>
        new Promise<void>(() => signal.addEventListener("abort", aborted)),
    }));
    const root = new Supervisor("root", { actors: [server] });
    root.start();
    server.cast("work", 1);
    await pass();
    const stopped = root.stop();
    await pass();
    expect(aborted).toHaveBeenCalledOnce();
    await pass(5_000);
    await stopped;
  });
});
