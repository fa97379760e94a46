import { Supervisor, type SupervisorOptions } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";

const longest = 2_147_483_647;

type Refused = [
  what: string,
  options: unknown,
  error: typeof TypeError | typeof RangeError,
  says: RegExp,
];

const refused: Refused[] = [
  [
    "an option that there is not",
    { restartLimits: {} },
    TypeError,
    /unknown option `restartLimits`$/,
  ],
  [
    "one of a child that there is not",
    { actors: [{ actor: new Puppet("worker"), polcy: "temporary" }] },
    TypeError,
    /, actor "worker": unknown option `polcy`$/,
  ],
  [
    "one of a backoff that there is not",
    { restartDelay: { initial: 1, most: 2 } },
    TypeError,
    /unknown option `restartDelay.most`$/,
  ],
  [
    "an unknown policy",
    { policy: "always" },
    RangeError,
    /`policy` must be one of permanent, transient, temporary, got "always"/,
  ],
  ["a policy that is no string", { policy: 1 }, TypeError, /`policy`.*got 1/],
  ["a policy of null", { policy: null }, TypeError, /`policy`.*got null/],
  [
    "an unknown strategy",
    { strategy: "simple" },
    RangeError,
    /`strategy` must be one of one-for-one, one-for-all, rest-for-one/,
  ],
  [
    "an unknown startup",
    { startup: "parallel" },
    RangeError,
    /`startup` must be one of concurrent, ordered/,
  ],
  [
    "an unknown autoShutdown",
    { autoShutdown: "any" },
    RangeError,
    /`autoShutdown` must be one of never, all, any-significant, all-significant/,
  ],
  ["a negative delay", { restartDelay: -1 }, RangeError, /`restartDelay`.*from 0.*got -1/],
  ["a delay of NaN", { restartDelay: Number.NaN }, RangeError, /`restartDelay`.*got NaN/],
  ["a delay beyond timers", { restartDelay: longest + 1 }, RangeError, /`restartDelay`/],
  ["an infinite delay", { restartDelay: Infinity }, RangeError, /`restartDelay`/],
  ["a delay that is text", { restartDelay: "1s" }, TypeError, /`restartDelay` must be .* got "1s"/],
  ["a delay of null", { restartDelay: null }, TypeError, /`restartDelay` must be .* got null/],
  ["options that are null", null, TypeError, /`options` must be an object, got null/],
  ["a backoff without initial", { restartDelay: {} }, TypeError, /`restartDelay.initial`/],
  [
    "a backoff with a negative initial",
    { restartDelay: { initial: -1 } },
    RangeError,
    /`restartDelay.initial`/,
  ],
  [
    "a backoff whose max is below initial",
    { restartDelay: { initial: 10, max: 9 } },
    RangeError,
    /`restartDelay.max`.*got 9/,
  ],
  [
    "a backoff that shrinks",
    { restartDelay: { initial: 10, factor: 0.5 } },
    RangeError,
    /`restartDelay.factor`/,
  ],
  [
    "a negative jitter",
    { restartDelay: { initial: 10, jitter: -0.1 } },
    RangeError,
    /`restartDelay.jitter`/,
  ],
  [
    "a jitter above 1",
    { restartDelay: { initial: 10, jitter: 1.1 } },
    RangeError,
    /`restartDelay.jitter`/,
  ],
  [
    "a negative resetAfter",
    { restartDelay: { initial: 10, resetAfter: -1 } },
    RangeError,
    /`restartDelay.resetAfter`/,
  ],
  [
    "a limit without a window",
    { restartLimit: { maxRestarts: 5 } },
    TypeError,
    /`restartLimit.window`/,
  ],
  [
    "a limit without maxRestarts",
    { restartLimit: { window: 1_000 } },
    TypeError,
    /`restartLimit.maxRestarts`/,
  ],
  [
    "a limit of -1 restarts",
    { restartLimit: { maxRestarts: -1, window: 1_000 } },
    RangeError,
    /`restartLimit.maxRestarts`/,
  ],
  [
    "a limit of half a restart",
    { restartLimit: { maxRestarts: 0.5, window: 1_000 } },
    RangeError,
    /`restartLimit.maxRestarts`/,
  ],
  [
    "a window of 0",
    { restartLimit: { maxRestarts: 1, window: 0 } },
    RangeError,
    /`restartLimit.window`/,
  ],
  [
    "a negative window",
    { restartLimit: { maxRestarts: 1, window: -1 } },
    RangeError,
    /`restartLimit.window`/,
  ],
  ["a negative shutdownTimeout", { shutdownTimeout: -1 }, RangeError, /`shutdownTimeout`.*got -1/],
  [
    "a shutdownTimeout beyond timers",
    { shutdownTimeout: longest + 1 },
    RangeError,
    /`shutdownTimeout`/,
  ],
  [
    "a shutdownTimeout that is text",
    { shutdownTimeout: "5s" },
    TypeError,
    /`shutdownTimeout`.*got "5s"/,
  ],
  [
    "an onError that is no function",
    { onError: "log" },
    TypeError,
    /`onError` must be a function, got "log"/,
  ],
  ["actors that are no list", { actors: { run() {} } }, RangeError, /`actors`/],
  ["an actor that is nothing", { actors: [undefined] }, TypeError, /`actors\[0\]\.run`/],
  ["an actor that is null", { actors: [null] }, TypeError, /`actors\[0\]\.run`/],
  ["an actor without a run", { actors: [{ name: "still" }] }, TypeError, /`actors\[0\]\.run`/],
  [
    "an actor whose run is no function",
    { actors: [{ name: "still", run: true }] },
    TypeError,
    /`actors\[0\]\.run`/,
  ],
  ["an actor without a name", { actors: [{ run() {} }] }, TypeError, /`name`/],
  ["an actor with an empty name", { actors: [{ name: "", run() {} }] }, RangeError, /`name`/],
  [
    "options without an actor",
    { actors: [{ policy: "permanent" }] },
    TypeError,
    /`actors\[0\]\.run`/,
  ],
  [
    "a child's unknown policy",
    { actors: [{ actor: new Puppet("odd"), policy: "never" }] },
    RangeError,
    /"odd".*`policy`/,
  ],
  [
    "a child's negative delay",
    { actors: [{ actor: new Puppet("odd"), restartDelay: -5 }] },
    RangeError,
    /"odd".*`restartDelay`/,
  ],
  [
    "a child's negative shutdownTimeout",
    { actors: [{ actor: new Puppet("odd"), shutdownTimeout: -5 }] },
    RangeError,
    /"odd".*`shutdownTimeout`/,
  ],
  [
    "a significant child where that means nothing",
    { actors: [{ actor: new Puppet("odd"), significant: true }] },
    RangeError,
    /"odd".*`autoShutdown`.*got "all"/,
  ],
];

describe("options of Supervisor", () => {
  it.each(refused)("refuse %s", (_, options, error, says) => {
    const create = (): Supervisor => new Supervisor("root", options as SupervisorOptions);
    expect(create).toThrow(error);
    expect(create).toThrow(/^Cannot create supervisor "root"/);
    expect(create).toThrow(says);
  });

  it("refuse the same actor twice", () => {
    const worker = new Puppet("worker");
    const create = (...actors: SupervisorOptions["actors"] & object): Supervisor =>
      new Supervisor("root", { actors });
    expect(() => create(worker, worker)).toThrow(/`actors\[1\]` .* got "worker"/);
    expect(() => create(worker, { actor: worker, policy: "permanent" })).toThrow(
      /`actors\[1\]` .* got "worker"/,
    );
  });

  it("refuse a name that is no string or empty", () => {
    expect(() => new Supervisor("")).toThrow(RangeError);
    expect(() => new Supervisor(undefined as never)).toThrow(TypeError);
    expect(() => new Supervisor(7 as never)).toThrow(
      /^Cannot create supervisor: `name` must be a string/,
    );
  });

  it("may be left out, or given as undefined", () => {
    const unset: Record<string, undefined> = {
      actors: undefined,
      policy: undefined,
      strategy: undefined,
      restartDelay: undefined,
      restartLimit: undefined,
      startup: undefined,
      shutdownTimeout: undefined,
      autoShutdown: undefined,
      onError: undefined,
      observer: undefined,
      logger: undefined,
    };
    expect(new Supervisor("root", unset).children).toEqual([]);
    const own = { policy: undefined, restartDelay: undefined, restartLimit: undefined };
    const actors = [{ actor: new Puppet("worker"), shutdownTimeout: undefined, ...own }];
    expect(new Supervisor("root", { actors }).children.length).toBe(1);
  });

  it("may be at their bounds", () => {
    const bounds: SupervisorOptions[] = [
      { restartDelay: 0, shutdownTimeout: 0 },
      { restartDelay: longest, shutdownTimeout: longest },
      { shutdownTimeout: Infinity },
      { restartDelay: { initial: 0, max: 0, factor: 1, jitter: 0, resetAfter: 0 } },
      { restartDelay: { initial: longest, jitter: 1, resetAfter: Infinity } },
      { restartDelay: { initial: 1, max: Infinity } },
      { restartLimit: { maxRestarts: 0, window: 1 } },
      { restartLimit: { maxRestarts: Number.MAX_SAFE_INTEGER, window: Infinity } },
    ];
    for (const options of bounds)
      expect(new Supervisor("root", options)).toBeInstanceOf(Supervisor);
  });

  it("are read once: what is done to the object later changes nothing", async () => {
    const recorder = new Recorder();
    const actors = [new Puppet("worker")];
    const options: { -readonly [Name in keyof SupervisorOptions]: SupervisorOptions[Name] } = {
      actors,
      startup: "ordered",
    };
    const root = new Supervisor("root", options);
    actors.push(new Puppet("late"));
    options.observer = recorder;
    root.start();
    expect(recorder.lines).toEqual([]);
    expect(root.children.length).toBe(1);
    await root.stop();
    root.start();
    expect(root.children.length).toBe(1);
    await root.stop();
  });
});
