import { type ActorContext, ActorStoppedError, Mailbox, Supervisor, task } from "@sup/core";
import { Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { type Desk, mailboxOf, rejectionOf, Stage, stateOf, takeFrom, turn } from "./scene.ts";

const ways: [string, (context: ActorContext) => { signal: AbortSignal }][] = [
  ["whole contexts", (context) => context],
  ["signals", ({ signal }) => ({ signal })],
  [
    "derived signals",
    ({ signal }) => ({ signal: AbortSignal.any([signal, new AbortController().signal]) }),
  ],
];

/** Workers that share a mailbox, and do with each call what they are told. */
class Pool implements AsyncDisposable {
  readonly root: Supervisor;
  readonly recorder: Recorder = new Recorder();
  readonly handled: string[] = [];
  readonly #gates = new Map<number, PromiseWithResolvers<number>>();
  #isOver = false;
  readonly #mailbox: Mailbox<Desk>;
  readonly #owns: boolean;
  readonly #way: (context: ActorContext) => { signal: AbortSignal };

  constructor(mailbox: Mailbox<Desk>, way = ways[0]![1], owns = false) {
    this.#mailbox = mailbox;
    this.#owns = owns;
    this.#way = way;
    this.root = new Supervisor("pool", {
      observer: this.recorder,
      policy: "temporary",
      autoShutdown: "never",
    });
    this.root.start();
  }

  add(name: string) {
    const run = async (context: ActorContext) => {
      for await (const message of this.#mailbox.receive(this.#way(context))) {
        this.handled.push(`${name} ${message.payload}`);
        if (message.type !== "ask") continue;
        message.reply(await this.gate(message.payload).promise);
      }
    };
    return this.root.spawn(this.#owns ? { name, mailbox: this.#mailbox, run } : task(name, run));
  }

  gate(value: number): PromiseWithResolvers<number> {
    const gate = this.#gates.get(value) ?? Promise.withResolvers<number>();
    this.#gates.set(value, gate);
    if (this.#isOver) gate.resolve(0);
    return gate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    for (const gate of this.#gates.values()) gate.resolve(0);
    await this.root.stop();
  }
}

describe("Mailbox: a pool of receivers (M10)", () => {
  it("gives each message to exactly one of them, all of them at work", async () => {
    const { mailbox } = mailboxOf(0);
    await using pool = new Pool(mailbox);
    for (const name of ["a", "b", "c"]) pool.add(name);
    const calls = [1, 2, 3, 4].map((value) => mailbox.call("ask", value));
    await turn();
    const [first, second, third] = pool.handled.map((entry) => entry.split(" "));
    expect([first![1], second![1], third![1]]).toEqual(["1", "2", "3"]);
    expect(new Set([first![0], second![0], third![0]])).toEqual(new Set(["a", "b", "c"]));
    expect(mailbox.length).toBe(1);
    pool.gate(2).resolve(20);
    expect(await calls[1]).toBe(20);
    await turn();
    expect(pool.handled).toHaveLength(4);
    expect(pool.handled[3]).toBe(`${second![0]} 4`);
  });

  it("gives a burst to servers, each message once and in order of acceptance", async () => {
    const { mailbox } = mailboxOf(0);
    const begun: number[] = [];
    const note = async (value: number) => {
      begun.push(value);
      if (value % 3 === 0) await turn();
    };
    for (let server = 0; server < 3; server++) void mailbox.serve({}, { note, ask: () => 0 });
    for (let value = 0; value < 500; value++) mailbox.cast("note", value);
    await mailbox.call("ask", 0);
    expect(begun).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  it("wakes another one when the one that was woken ends before it looked", async () => {
    const mailbox = new Mailbox<Desk>();
    const stops = [new AbortController(), new AbortController()];
    const handled: string[] = [];
    const servings = stops.map((stop, index) =>
      mailbox.serve(stop, {
        note: (value) => void handled.push(`${index} ${value}`),
        ask: () => 0,
      }),
    );
    mailbox.cast("note", 1);
    stops[0]!.abort();
    await servings[0];
    await turn();
    expect(handled).toEqual(["1 1"]);
    stops[1]!.abort();
    await servings[1];
  });

  it("sets an idle one to work on what came in from those who waited for room", async () => {
    const mailbox = new Mailbox<Desk>({ capacity: 1 });
    const begun: number[] = [];
    const gate = Promise.withResolvers<void>();
    const note = (value: number) => {
      begun.push(value);
      return gate.promise;
    };
    for (let server = 0; server < 3; server++) void mailbox.serve({}, { note, ask: () => 0 });
    await turn();
    for (let value = 1; value <= 4; value++) mailbox.cast("note", value);
    await turn();
    expect(begun).toEqual([1, 2, 3]);
    expect(mailbox.length).toBe(1);
    gate.resolve();
  });

  it("lets the others go on when one of them crashes", async () => {
    const { mailbox } = mailboxOf(0);
    await using pool = new Pool(mailbox);
    for (const name of ["a", "b"]) pool.add(name);
    const calls = [1, 2].map((value) => mailbox.call("ask", value));
    await turn();
    const boom = new Error("boom");
    pool.gate(1).reject(boom);
    expect(await rejectionOf(calls[0])).toMatchObject({ code: "ACTOR_CRASHED", cause: boom });
    expect(await stateOf(calls[1])).toBe("pending");
    pool.gate(2).resolve(2);
    expect(await calls[1]).toBe(2);
    const third = mailbox.call("ask", 3);
    pool.gate(3).resolve(3);
    expect(await third).toBe(3);
    expect(pool.handled.map((entry) => entry.split(" ")[1])).toEqual(["1", "2", "3"]);
  });
});

describe.each(ways)("Mailbox: a pool whose workers pass %s", (_, way) => {
  describe.each([
    ["a mailbox that nobody owns", false],
    ["a mailbox that each of them calls its own", true],
  ])("on %s", (_, owns) => {
    it("is stopped when its last actor is, and not before", async () => {
      const { mailbox, lost } = mailboxOf(0, { capacity: 2 });
      await using pool = new Pool(mailbox, way, owns);
      const children = ["a", "b", "c"].map((name) => pool.add(name));
      await turn();
      for (const child of children.slice(0, 2)) {
        await child.stop();
        expect(mailbox.tryCast("note", 1)).toBe(true);
        await turn();
        expect(mailbox.length).toBe(0);
      }
      const asked = mailbox.call("ask", 1);
      await turn();
      mailbox.cast("note", 2);
      const queued = mailbox.call("ask", 3);
      const waiting = mailbox.call("ask", 4);
      const stopped = children[2]!.stop();
      pool.gate(1).resolve(10);
      await stopped;
      expect(await asked).toBe(10);
      for (const call of [queued, waiting, mailbox.call("ask", 5)]) {
        expect(await rejectionOf(call)).toBeInstanceOf(ActorStoppedError);
      }
      expect(() => mailbox.tryCast("note", 6)).toThrow(ActorStoppedError);
      expect(lost).toMatchObject([{ payload: 2 }, { payload: 3 }]);
    });

    it("takes messages again when a worker runs anew (M12)", async () => {
      const mailbox = new Mailbox<Desk>();
      await using pool = new Pool(mailbox, way, owns);
      for (let run = 1; run <= 3; run++) {
        const child = pool.add(`worker ${run}`);
        await turn();
        expect(mailbox.tryCast("note", run)).toBe(true);
        await turn();
        await child.stop();
        expect(() => mailbox.tryCast("note", 0)).toThrow(ActorStoppedError);
      }
      expect(pool.handled).toEqual(["worker 1 1", "worker 2 2", "worker 3 3"]);
    });

    it("tells each caller of the crash of the worker that held its call, and the observer of that worker", async () => {
      const { mailbox, lost } = mailboxOf(0);
      await using pool = new Pool(mailbox, way, owns);
      for (const name of ["a", "b"]) pool.add(name);
      await turn();
      const calls = [1, 2].map((value) => mailbox.call("ask", value));
      await turn();
      const boom = new Error("boom");
      const [holder] = pool.handled.find((entry) => entry.endsWith(" 1"))!.split(" ");
      pool.gate(1).reject(boom);
      const error = await rejectionOf(calls[0]);
      expect(error).toMatchObject({ code: "ACTOR_CRASHED", cause: boom });
      expect(await stateOf(calls[1])).toBe("pending");
      expect(lost).toMatchObject([{ kind: "call", payload: 1, reason: error }]);
      expect(pool.recorder.events.filter(({ type }) => type === "undelivered")).toMatchObject([
        { actor: holder, message: "ask", payload: 1 },
      ]);
    });
  });
});

describe.each(ways)("Mailbox: a pool of lasting workers that pass %s", (_, way) => {
  it("answers for each life what that life has taken, whoever of them began last", async () => {
    const { mailbox, lost } = mailboxOf(0);
    await using first = new Stage(mailbox, { policy: "permanent" });
    await using second = new Stage(mailbox, { policy: "permanent" });
    const boom = new Error("boom");
    first.puppet.life.crash();
    await first.lives(2);
    const calls = [mailbox.call("ask", 1), mailbox.call("ask", 2)];
    for (const { context } of [first, second]) await mailbox.receive(way(context)).next();
    first.puppet.life.crash(boom);
    expect(await rejectionOf(calls[0])).toMatchObject({ code: "ACTOR_CRASHED", cause: boom });
    expect(await stateOf(calls[1])).toBe("pending");
    second.puppet.life.end();
    expect(await rejectionOf(calls[1])).toBeInstanceOf(ActorStoppedError);
    expect(lost).toMatchObject([{ payload: 1 }]);
  });
});

describe("Mailbox: a pool and those outside", () => {
  it("stays open for who receives without being supervised, while an actor stops", async () => {
    const mailbox = new Mailbox<Desk>();
    await using pool = new Pool(mailbox);
    const inbox = mailbox.receive();
    const next = inbox.next();
    await pool.add("a").stop();
    mailbox.cast("note", 1);
    expect((await next).value!.payload).toBe(1);
  });

  it("leaves calls waiting that belong to no supervised actor, until they are received", async () => {
    const mailbox = new Mailbox<Desk>();
    const asked = mailbox.call("ask", 1);
    expect(await stateOf(asked)).toBe("pending");
    const message = await takeFrom(mailbox);
    expect(message.type === "ask" && message.reply(2)).toBe(true);
    expect(await asked).toBe(2);
  });
});
