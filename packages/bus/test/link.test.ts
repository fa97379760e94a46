import { ActorStoppedError } from "@sup/core";
import { computed, link, signal, trigger, type Writer } from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { childOf, fakeTime, Log, pass, run, settled, thrownBy } from "./scene.ts";

/** A destination whose writes the test ends, one after the other. */
class Desk implements Writer<number> {
  readonly begun: number[] = [];
  #writing: PromiseWithResolvers<void> | undefined;

  readonly write = (
    value: number,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<void> => {
    if (this.#writing !== undefined) throw new Error("Two writes at a time");
    this.begun.push(value);
    const writing = Promise.withResolvers<void>();
    this.#writing = writing;
    options?.signal?.addEventListener("abort", () => writing.reject(options.signal!.reason));
    return writing.promise;
  };

  async end(error?: Error): Promise<void> {
    const writing = this.#writing!;
    this.#writing = undefined;
    if (error === undefined) writing.resolve();
    else writing.reject(error);
    await settled();
  }
}

describe("link: writes one value at a time (B9)", () => {
  it("keeps the latest while the destination is busy", async () => {
    const source = new Cell("source", 0);
    const desk = new Desk();
    run([link("wiring", source, desk)]);
    source.set(1);
    await settled();
    source.set(2);
    source.set(3);
    await settled();
    expect(desk.begun).toEqual([1]);
    await desk.end();
    expect(desk.begun).toEqual([1, 3]);
    await desk.end();
    expect(desk.begun).toEqual([1, 3]);
  });

  it("keeps up to `buffer` values, the newest", async () => {
    const source = new Cell("source", 0);
    const desk = new Desk();
    run([link("wiring", source, desk, { buffer: 3 })]);
    source.set(1);
    await settled();
    for (const value of [2, 3, 4, 5]) source.set(value);
    for (let writes = 0; writes < 4; writes++) await desk.end();
    expect(desk.begun).toEqual([1, 3, 4, 5]);
  });

  it("begins with the current value where the source has `initialNotify`, and only there", async () => {
    const quiet = trigger("quiet", (_: number) => {}, { initialValue: 1 });
    const loud = trigger("loud", (_: number) => {}, { initialValue: 2, initialNotify: true });
    const desks = [new Desk(), new Desk()];
    run([quiet, loud, link("a", quiet, desks[0]!), link("b", loud, desks[1]!)]);
    await settled();
    expect(desks.map(({ begun }) => begun)).toEqual([[], [2]]);
  });

  it("begins with the first value where there is none yet", async () => {
    const source = trigger("source", (_: number) => {}, { initialNotify: true });
    const desk = new Desk();
    run([source, link("wiring", source, desk as Writer<number | undefined>)]);
    await settled();
    expect(desk.begun).toEqual([]);
    await source.write(1);
    await settled();
    expect(desk.begun).toEqual([1]);
  });

  it("writes what is computed at the start of its source, however they are ordered", async () => {
    const cell = new Cell("cell", 1);
    const source = computed("source", () => cell.read() > 0, [cell]);
    const written: boolean[] = [];
    const heater = trigger("heater", (on: boolean) => void written.push(on));
    run([link("wiring", source, heater), heater, source]);
    await settled();
    expect(written).toEqual([true]);
    cell.set(-1);
    await settled();
    expect(written).toEqual([true, false]);
  });

  it("lets a trigger run its effects, and waits for one that does not run", async () => {
    const source = new Cell("source", 0);
    const effect = vi.fn((_: number) => {});
    const level = trigger("level", effect);
    const root = run([link("wiring", source, level)]);
    source.set(1);
    await settled();
    source.set(2);
    source.set(3);
    await settled();
    expect(effect).not.toHaveBeenCalled();
    root.spawn(level);
    await settled();
    expect(effect.mock.calls.map(([value]) => value)).toEqual([1, 3]);
  });
});

describe("link: a write that fails (B9)", () => {
  it("is reported, and the link goes on", async () => {
    const log = new Log();
    const onError = vi.fn();
    const source = new Cell("source", 0);
    const desk = new Desk();
    const wiring = link("wiring", source, desk, { onError });
    const root = run([wiring], { logger: log });
    source.set(1);
    await settled();
    await desk.end(new Error("stuck"));
    expect(onError.mock.calls).toEqual([[new Error("stuck")]]);
    expect(log.lines).toMatchObject([{ message: 'update of link "wiring" failed' }]);
    source.set(2);
    await settled();
    expect(desk.begun).toEqual([1, 2]);
    expect(childOf(root, wiring).restarts).toBe(0);
  });

  it("is logged once where the destination has logged it, each time that it fails", async () => {
    const log = new Log();
    const onError = vi.fn();
    const source = new Cell("source", 0);
    const stuck = new Error("stuck");
    const level = trigger("level", () => Promise.reject(stuck));
    run([link("wiring", source, level, { onError }), level], { logger: log });
    source.set(1);
    await settled();
    source.set(2);
    await settled();
    expect(log.lines).toEqual(
      Array.from({ length: 2 }, () => ({
        error: stuck,
        message: 'update of trigger "level" failed',
      })),
    );
    expect(onError.mock.calls).toEqual([[stuck], [stuck]]);
  });

  it("is one error for the trigger, the link and the log, also where none was thrown", async () => {
    const log = new Log();
    const [onError, onLinkError] = [vi.fn(), vi.fn()];
    const source = new Cell("source", 0);
    const effect = (): void => {
      // oxlint-disable-next-line typescript/only-throw-error -- what others throw is what this is about
      throw "stuck";
    };
    const level = trigger("level", effect, { onError });
    run([link("wiring", source, level, { onError: onLinkError }), level], { logger: log });
    source.set(1);
    await settled();
    expect(log.lines).toHaveLength(1);
    expect(onError.mock.calls).toEqual([[log.lines[0]!.error]]);
    expect(onLinkError.mock.calls).toEqual([[log.lines[0]!.error]]);
  });

  it("is reported as well where the destination throws instead of rejecting", async () => {
    const onError = vi.fn();
    const source = new Cell("source", 0);
    const write = (): Promise<void> => {
      throw new Error("at once");
    };
    run([link("wiring", source, { write }, { onError })]);
    source.set(1);
    await settled();
    expect(onError.mock.calls).toEqual([[new Error("at once")]]);
  });

  it("crashes the link with `failFast`; what waits is written by the next life", async () => {
    fakeTime();
    const crashes: string[] = [];
    const source = new Cell("source", 0);
    const desk = new Desk();
    const wiring = link("wiring", source, desk, { failFast: true, buffer: 5 });
    run([wiring], {
      restartDelay: { initial: 1_000, jitter: 0 },
      onError: (actor, error) => crashes.push(`${actor.name}: ${error.message}`),
    });
    source.set(1);
    await settled();
    source.set(2);
    await desk.end(new Error("stuck"));
    expect(crashes).toEqual(["wiring: stuck"]);
    expect(source.listeners.size).toBe(0);
    await pass(1_000);
    expect(desk.begun).toEqual([1, 2]);
  });

  it("to a trigger that has stopped for good is one, until that runs again", async () => {
    const onError = vi.fn();
    const source = new Cell("source", 0);
    const level = trigger("level", (_: number) => {});
    const root = run([link("wiring", source, level, { onError }), level]);
    await childOf(root, level).stop();
    source.set(1);
    await settled();
    expect(onError.mock.calls[0]![0]).toBeInstanceOf(ActorStoppedError);
    root.spawn(level);
    source.set(2);
    await settled();
    expect(level.read()).toBe(2);
  });
});

describe("link: over crashes, stops and restarts", () => {
  it("writes what the source became while it did not run", async () => {
    const source = trigger("source", (_: number) => {}, { initialValue: 0 });
    const desk = new Desk();
    const wiring = link("wiring", source, desk);
    const root = run([source, wiring]);
    await source.write(1);
    await settled();
    await desk.end();
    await childOf(root, wiring).stop();
    await source.write(2);
    await source.write(3);
    const child = root.spawn(wiring);
    await settled();
    expect(desk.begun).toEqual([1, 3]);
    await desk.end();
    await child.restart();
    await settled();
    expect(desk.begun).toEqual([1, 3]);
  });

  it("follows a source that was stopped and started again", async () => {
    fakeTime();
    let count = 0;
    const source = signal("source", () => ++count, { interval: 1_000 });
    const desk = new Desk();
    const root = run([link("wiring", source, desk as Writer<number | undefined>), source]);
    await settled();
    await desk.end();
    await childOf(root, source).stop();
    await pass(5_000);
    root.spawn(source);
    await settled();
    expect(desk.begun).toEqual([1, 2]);
  });

  it("withdraws its write when it stops, without calling that a failure, and leaves no listener", async () => {
    const onError = vi.fn();
    const source = new Cell("source", 0);
    const level = trigger(
      "level",
      (_: number, { signal }) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    );
    const wiring = link("wiring", source, level, { onError });
    const root = run([wiring, level]);
    source.set(1);
    await settled();
    await childOf(root, wiring).stop();
    expect(onError).not.toHaveBeenCalled();
    expect(source.listeners.size).toBe(0);
    expect(level.status().error).toBeUndefined();
  });
});

describe("link: refuses", () => {
  const source = new Cell("source", 1);
  const writer: Writer<number> = { write: () => Promise.resolve() };

  it.each([
    [
      () => link<number>("l", {} as never, writer),
      TypeError,
      'Cannot create link "l": `source` must be something with `read`, and `onChange` or `watch`, got an object',
    ],
    [
      () => link("l", source, {} as never),
      TypeError,
      'Cannot create link "l": `destination` must be something with `write`, got an object',
    ],
    [
      () => link("l", source, undefined as never),
      TypeError,
      "`destination` must be something with `write`, got undefined",
    ],
    [
      () => link("l", source, writer, { buffer: 0 }),
      RangeError,
      "`buffer` must be an integer of 1 or more, got 0",
    ],
    [
      () => link("l", source, writer, { failFast: "yes" as never }),
      TypeError,
      '`failFast` must be a boolean, got "yes"',
    ],
    [
      () => link("l", source, writer, { onError: 1 as never }),
      TypeError,
      "`onError` must be a function, got 1",
    ],
    [
      () => link("", source, writer),
      RangeError,
      'Cannot create link: `name` must be a string that is not empty, got ""',
    ],
  ])("%#: what makes no sense", (create, kind, message) => {
    const error = thrownBy(create);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });
});
