import {
  computed,
  debounce,
  type Dependency,
  type Inspectable,
  link,
  signal,
  throttle,
  trigger,
  view,
} from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { fakeTime, pass, run, settled } from "./scene.ts";

/** One of each, in a row from a poll to a write. */
function row() {
  let polls = 0;
  const level = signal("level", () => ++polls, { initialValue: 0, interval: 100, staleAfter: 250 });
  const clean = debounce("clean", level, 10);
  const double = computed("double", () => clean.read() * 2, [clean]);
  const calm = throttle("calm", double, 10);
  const valve = trigger("valve", (_: number) => {}, { initialValue: 0 });
  const wiring = link("wiring", calm, valve);
  const shown = view(() => `${double.read()} l`, { name: "shown", dependencies: [double] });
  return { level, clean, double, calm, valve, wiring, shown };
}

describe("Inspectable: what dashboards show of each value", () => {
  it("its name, its kind, and what it was declared to come from", () => {
    const { level, clean, double, calm, valve, wiring, shown } = row();
    const all: Inspectable<unknown>[] = [level, clean, double, calm, valve, wiring, shown];
    expect(all.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "signal level",
      "debounce clean",
      "computed double",
      "throttle calm",
      "trigger valve",
      "link wiring",
      "view shown",
    ]);
    const dependencies = all.map((one) => one.dependencies);
    expect(dependencies).toEqual([[], [level], [clean], [double], [], [calm], [double]]);
    expect(wiring.destination).toBe(valve);
  });

  it("its status, how often it was updated, and when it changes", async () => {
    fakeTime();
    const { level, clean, double, calm, valve, wiring, shown } = row();
    const all = [level, clean, double, calm, valve, wiring];
    const listeners = all.map((one) => {
      const listener = vi.fn();
      one.onChange(listener);
      return listener;
    });
    run(all);
    await pass(95);
    // The throttled value was read when it was created: that made the computed one.
    expect(all.map(({ updates }) => updates)).toEqual([1, 1, 2, 1, 1, 1]);
    expect(listeners.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 2, 1, 1, 1]);
    const at = Date.now() - 85;
    const late = { value: 2, updatedAt: at, error: undefined, stale: false };
    expect(wiring.status()).toEqual(late);
    expect(valve.status()).toEqual(late);
    expect(shown.status()).toEqual({ ...late, value: "2 l", updatedAt: undefined });
    expect(shown.updates).toBe(0);
  });

  it("counts updates that brought an equal value, and none that failed", async () => {
    const effect = vi.fn<(value: number) => void>();
    const valve = trigger("valve", effect, { equal: Object.is });
    const isOpen = computed("is-open", () => valve.read()! > 0, [valve], { equal: Object.is });
    run([valve, isOpen]);
    const { updates } = isOpen;
    await valve.write(1);
    await valve.write(3);
    expect(isOpen.updates).toBe(updates + 2);
    await valve.write(3);
    effect.mockImplementation(() => {
      throw new Error("stuck");
    });
    await valve.write(2).catch(() => {});
    expect([valve.updates, isOpen.updates]).toEqual([3, updates + 2]);
  });

  it("dependencies that are declared later, as soon as they are there", () => {
    let later: Dependency | undefined;
    const early = computed(
      "early",
      () => 1,
      () => [later!],
    );
    expect(early.dependencies).toEqual([]);
    later = new Cell("later", 1);
    expect(early.dependencies).toEqual([later]);
    early.read();
    later = undefined;
    expect(early.dependencies).toHaveLength(1);
  });

  it("a list that changes after the declaration changes nothing", () => {
    const list = [new Cell("a", 1)];
    const [ofList, shown] = [computed("c", () => 1, list), view(() => 1, { dependencies: list })];
    list.push(new Cell("b", 1));
    expect([ofList.dependencies.length, shown.dependencies.length]).toEqual([1, 1]);
  });

  it("that a view, a link and what is computed are old when their source is", async () => {
    fakeTime();
    const feed = trigger("feed", (_: number) => {}, { initialValue: 0, staleAfter: 100 });
    const double = computed("double", () => feed.read() * 2, [feed]);
    const shown = view(() => double.read(), { dependencies: [double] });
    const wiring = link(
      "wiring",
      double,
      trigger("valve", (_: number) => {}),
    );
    const all = [feed, double, shown, wiring];
    const stale = (): boolean[] => all.map((one) => one.status().stale);
    run([feed, double, wiring]);
    expect(stale()).toEqual([false, false, false, false]);
    await pass(100);
    expect(stale()).toEqual([true, true, true, true]);
    await feed.write(1);
    expect(stale()).toEqual([false, false, false, false]);
  });

  it("what a view's function throws", () => {
    const thrown = ["no reading"];
    const shown = view(() => {
      throw thrown;
    });
    const { error, ...rest } = shown.status();
    expect(rest).toEqual({ value: undefined, updatedAt: undefined, stale: false });
    expect(error).toMatchObject({
      message: 'Update of view "view" failed: no reading',
      cause: thrown,
    });
  });

  it("the last write of a link that failed, beside the last that did not", async () => {
    const source = new Cell("source", 0);
    const effect = (value: number): void => {
      if (value < 0) throw new Error("stuck");
    };
    const wiring = link("wiring", source, trigger("valve", effect));
    const valve = wiring.destination as ReturnType<typeof trigger<number>>;
    run([wiring, valve]);
    const listener = vi.fn();
    const remove = wiring.onChange(listener);
    source.set(1);
    await settled();
    source.set(-1);
    await settled();
    expect(wiring.status()).toMatchObject({ value: 1, error: new Error("stuck"), stale: false });
    expect([wiring.updates, listener.mock.calls.length]).toEqual([1, 1]);
    remove();
    source.set(2);
    await settled();
    expect(wiring.status()).toMatchObject({ value: 2, error: undefined });
    expect([wiring.updates, listener.mock.calls.length]).toEqual([2, 1]);
  });
});
