import {
  type Actor,
  ActorCrashedError,
  ActorStoppedError,
  type ActorContext,
  actor,
  MailboxFullError,
  Supervisor,
} from "@sup/core";
import { Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { rejectionOf, stateOf, turn } from "../mailbox/scene.ts";

function supervise(...actors: Actor[]) {
  const recorder = new Recorder();
  const root = new Supervisor("root", {
    actors,
    restartDelay: 0,
    observer: recorder,
    autoShutdown: "never",
  });
  root.start();
  return { root, recorder, [Symbol.asyncDispose]: () => root.stop() };
}

describe("actor", () => {
  it("has the name it was given, and a mailbox of 1,000 messages unless told otherwise", () => {
    const plain = actor("plain", () => ({}));
    expect(plain.name).toBe("plain");
    expect(plain.mailbox.capacity).toBe(1_000);
    expect(actor("small", () => ({}), { capacity: 2 }).mailbox.capacity).toBe(2);
  });

  it("sends by the mailbox's own words", async () => {
    const echo = actor("echo", () => ({ say: (word: string) => word.toUpperCase() }), {
      capacity: 1,
    });
    expect(echo.tryCast("say", "a")).toBe(true);
    expect(echo.tryCast("say", "b")).toBe(false);
    expect(await rejectionOf(echo.tryCall("say", "c"))).toBeInstanceOf(MailboxFullError);
    const waiting = echo.cast("say", "d");
    const asked = echo.call("say", "e", { timeout: 10_000 });
    const late = echo.call("say", "f", { signal: AbortSignal.abort(new Error("late")) });
    expect((await rejectionOf(late)).message).toBe("late");
    await using _ = supervise(echo);
    await waiting;
    expect(await asked).toBe("E");
    expect(await echo.tryCall("say", "g")).toBe("G");
  });

  it("begins every life with a setup, and clean state", async () => {
    const contexts: ActorContext[] = [];
    const counter = actor("counter", (context) => {
      contexts.push(context);
      let count = 0;
      return {
        add(by: number) {
          if (by < 0) throw new Error("negative");
          count += by;
        },
        get: () => count,
      };
    });
    await using _ = supervise(counter);
    counter.cast("add", 5);
    expect(await counter.call("get")).toBe(5);
    counter.cast("add", -1);
    counter.cast("add", 2);
    expect(await counter.call("get")).toBe(2);
    expect(contexts.map(({ restarts }) => restarts)).toEqual([0, 1]);
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  it("is ready when its setup has returned, before it handles anything", async () => {
    const story: string[] = [];
    const early = actor("early", () => {
      story.push("setup");
      return { note: () => void story.push("handled") };
    });
    early.cast("note");
    const root = new Supervisor("root", {
      actors: [early],
      observer: { onActorReady: () => void story.push("ready") },
    });
    root.start();
    expect(story).toEqual(["setup", "ready"]);
    await turn();
    expect(story).toEqual(["setup", "ready", "handled"]);
    await root.stop();
  });

  it("waits for an async setup, and handles then what came meanwhile", async () => {
    const gate = Promise.withResolvers<number>();
    const slow = actor("slow", async () => {
      const base = await gate.promise;
      return { get: () => base };
    });
    await using scene = supervise(slow);
    const asked = slow.call("get");
    expect(await stateOf(asked)).toBe("pending");
    expect(scene.recorder.lines).toEqual(["registered slow", "started slow"]);
    gate.resolve(7);
    expect(await asked).toBe(7);
    expect(scene.recorder.lines).toContain("ready slow");
  });

  it("ends when it is stopped during an async setup, without being ready", async () => {
    const gate = Promise.withResolvers<object>();
    const slow = actor("slow", () => gate.promise as Promise<{ get(): number }>);
    const scene = supervise(slow);
    const asked = slow.call("get");
    const stopped = scene.root.stop();
    gate.resolve({ get: () => 1 });
    await stopped;
    expect(await rejectionOf(asked)).toBeInstanceOf(ActorStoppedError);
    expect(scene.recorder.lines).not.toContain("ready slow");
  });

  it.each(["throws", "rejects"])(
    "crashes when its setup %s; what is queued waits for the next life",
    async (how) => {
      let life = 0;
      const broken = actor("broken", () => {
        const boom = new Error(`boom ${++life}`);
        if (life > 2) return { get: () => life };
        if (how === "throws") throw boom;
        return Promise.reject(boom);
      });
      await using scene = supervise(broken);
      expect(await broken.call("get")).toBe(3);
      expect(scene.recorder.lines.filter((line) => /^(stopped|ready)/.test(line))).toEqual([
        "stopped broken: boom 1",
        "stopped broken: boom 2",
        "ready broken",
      ]);
    },
  );

  it.each([undefined, null, 5, "handlers"])(
    "crashes when its setup returns %s, and is never ready",
    async (handlers) => {
      for (const made of [handlers, Promise.resolve(handlers)]) {
        const broken = actor("broken", () => made as never);
        const recorder = new Recorder();
        await using root = new Supervisor("root", { policy: "temporary", observer: recorder });
        root.start();
        const error = await root.spawn(broken).done;
        expect(error).toBeInstanceOf(TypeError);
        expect(error!.message).toBe(
          `Cannot run actor "broken": \`setup()\` must be an object of handlers, got ${
            typeof handlers === "string" ? '"handlers"' : String(handlers)
          }`,
        );
        expect(recorder.lines).not.toContain("ready broken");
      }
    },
  );

  it("calls its handlers one at a time, as methods, with the payload and a signal", async () => {
    const seen: unknown[] = [];
    const handlers = {
      label: "mine",
      async look(value: number, { signal }: { signal: AbortSignal }) {
        seen.push([this.label, value, signal.aborted]);
        await turn();
        seen.push(value);
        return this.label;
      },
    };
    const looker = actor("looker", () => handlers as Omit<typeof handlers, "label">);
    await using _ = supervise(looker);
    looker.cast("look", 1);
    expect(await looker.call("look", 2)).toBe("mine");
    expect(seen).toEqual([["mine", 1, false], 1, ["mine", 2, false], 2]);
  });

  it("crashes by an error of a handler, which its caller gets; by one that `isFatal` excuses it does not", async () => {
    const strict = new Error("strict");
    const mild = new RangeError("mild");
    let lives = 0;
    const worker = actor(
      "worker",
      () => {
        lives++;
        return {
          fail(kind: "strict" | "mild") {
            throw kind === "strict" ? strict : mild;
          },
          lives: () => lives,
        };
      },
      { isFatal: (error) => !(error instanceof RangeError) },
    );
    await using scene = supervise(worker);
    expect(await rejectionOf(worker.call("fail", "mild"))).toBe(mild);
    worker.cast("fail", "mild");
    expect(await worker.call("lives")).toBe(1);
    expect(await rejectionOf(worker.call("fail", "strict"))).toBe(strict);
    expect(await worker.call("lives")).toBe(2);
    expect(scene.recorder.lines).toContain("stopped worker: strict");
  });

  it("tells the caller of a handler under way when its life crashes by other means", async () => {
    const boom = new Error("boom");
    const worker = actor("worker", ({ fail }) => ({
      hang: (_: undefined, { signal }: { signal: AbortSignal }) =>
        new Promise<void>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
          setTimeout(fail, 1, boom);
        }),
    }));
    await using _ = supervise(worker);
    const error = await rejectionOf(worker.call("hang"));
    expect(error).toBeInstanceOf(ActorCrashedError);
    expect(error.cause).toBe(boom);
  });

  it("lets a handler end its actor for good, and still answers it", async () => {
    const worker = actor("worker", ({ finish }) => ({
      last(value: number) {
        finish();
        return value;
      },
    }));
    await using scene = supervise(worker);
    const answered = worker.call("last", 1);
    const behind = worker.call("last", 2);
    expect(await answered).toBe(1);
    expect(await rejectionOf(behind)).toBeInstanceOf(ActorStoppedError);
    expect(scene.root.children[0]!.status).toBe("stopped");
  });

  it("can call another actor, and be called by it in turn, without holding up the others", async () => {
    const low = actor("low", () => ({ double: (value: number) => value * 2 }));
    const high = actor("high", () => ({
      async sum(count: number, { signal }: { signal: AbortSignal }) {
        let sum = 0;
        for (let value = 1; value <= count; value++)
          sum += await low.call("double", value, { signal });
        return sum;
      },
    }));
    await using _ = supervise(low, high);
    const [sum, one] = await Promise.all([high.call("sum", 100), low.call("double", 1)]);
    expect([sum, one]).toEqual([10_100, 2]);
  });

  it("may be run by an actor around it", async () => {
    const inner = actor("inner", () => ({ get: () => 1 }));
    const cleaned: string[] = [];
    const outer = {
      name: "outer",
      mailbox: inner.mailbox,
      async run(context: ActorContext) {
        await inner.run(context);
        cleaned.push("after the inner one");
      },
    };
    const scene = supervise(outer);
    expect(await inner.call("get")).toBe(1);
    await scene.root.stop();
    expect(cleaned).toEqual(["after the inner one"]);
  });

  it.each([
    [undefined, TypeError],
    [5, TypeError],
    ["", RangeError],
  ])("refuses the name %s", (name, kind) => {
    const create = () => actor(name as string, () => ({}));
    expect(create).toThrow(kind);
    expect(create).toThrow(/^Cannot create actor: `name` must be a string that is not empty, got /);
  });

  it.each([undefined, {}, "setup"])("refuses %s in place of a setup", (setup) => {
    const create = () => actor("worker", setup as never);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(/^Cannot create actor "worker": `setup` must be a function, got /);
  });

  it.each([
    [{ capacity: -1 }, RangeError, "`capacity` must be an integer of 0 or more, got -1"],
    [
      { isFatal: true },
      TypeError,
      'Cannot create actor "worker": `isFatal` must be a function, got true',
    ],
    [null, TypeError, 'Cannot create actor "worker": `options` must be an object, got null'],
    [{ capasity: 3 }, TypeError, 'Cannot create actor "worker": unknown option `capasity`'],
    [{ onUndelivered: "log" }, TypeError, '`onUndelivered` must be a function, got "log"'],
  ])("refuses the options %j", (options, kind, message) => {
    const create = () => actor("worker", () => ({}), options as never);
    expect(create).toThrow(kind);
    expect(create).toThrow(message);
  });
});
