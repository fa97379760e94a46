import { computed, type Inspectable, signal, type Status } from "@sup/bus";
import { Supervisor } from "@sup/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ValueRow } from "../../../src/lib/server/rows/value-row.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const nowhere = (): boolean => false;

function rowOf(value: Inspectable<unknown>): ValueRow {
  return new ValueRow(3, value, undefined);
}

/** A value whose status a test sets. */
function puppet(): { value: Inspectable<unknown>; status: Partial<Status<unknown>> } {
  const status: Partial<Status<unknown>> = { value: undefined, stale: false };
  const value = {
    name: "value",
    kind: "puppet",
    dependencies: [],
    updates: 0,
    status: () => status,
  };
  return { value: value as unknown as Inspectable<unknown>, status };
}

describe("ValueRow", () => {
  it("tells of a signal what it is, and then what has changed", async () => {
    let celsius: number | string = 20;
    const temperature = signal<number | string>("temperature", () => celsius, {
      interval: 1_000,
      staleAfter: 5_000,
    });
    const root = new Supervisor("gateway", { actors: [temperature] });
    root.start();
    await vi.advanceTimersByTimeAsync(0);
    const row = rowOf(temperature);
    const { id } = root.children[0]!;
    row.read((actor) => actor === id);
    expect(JSON.parse(JSON.stringify(row.state))).toEqual({
      id: 3,
      name: "temperature",
      kind: "signal",
      type: "number",
      text: "20",
      updatedAt: 1_000_000,
      actor: id,
    });
    expect(row.read((actor) => actor === id)).toBeUndefined();
    celsius = "cold";
    await vi.advanceTimersByTimeAsync(1_000);
    expect(row.read((actor) => actor === id)).toEqual({
      id: 3,
      type: "string",
      text: '"cold"',
      updatedAt: 1_001_000,
    });
    await root.stop();
    await vi.advanceTimersByTimeAsync(5_001);
    expect(row.read(nowhere)).toEqual({ id: 3, stale: true, actor: null });
  });

  it("tells what a value comes from", () => {
    const one = signal("one", () => 1, { initialValue: 1 });
    const other = signal("other", () => 2, { initialValue: 2 });
    const sum = computed("sum", () => one.read() + other.read(), [one, other]);
    const row = rowOf(sum);
    row.read(nowhere);
    expect(row.state).toMatchObject({ kind: "computed", text: "3", from: ["one", "other"] });
    expect(row.read(nowhere)).toBeUndefined();
  });

  it("tells an error, and that it is over", () => {
    const { value, status } = puppet();
    const row = rowOf(value);
    row.read(nowhere);
    Object.assign(status, { error: new Error("no answer") });
    expect(row.read(nowhere)).toEqual({ id: 3, error: "no answer" });
    expect(row.read(nowhere)).toBeUndefined();
    Object.assign(status, { error: undefined });
    expect(row.read(nowhere)).toEqual({ id: 3, error: null });
  });

  it("tells the same failure once, though it is another error each time", () => {
    const { value } = puppet();
    Object.defineProperty(value, "dependencies", {
      get() {
        throw new Error("touched");
      },
    });
    const row = rowOf(value);
    expect(row.read(nowhere)).toEqual({ id: 3, error: "touched" });
    expect(row.read(nowhere)).toBeUndefined();
  });

  it("tells an object that was changed in place when it was updated", () => {
    const { value, status } = puppet();
    const reading = { celsius: 20 };
    Object.assign(status, { value: reading, updatedAt: 1 });
    const row = rowOf(value);
    expect(row.read(nowhere)).toMatchObject({ text: '{"celsius":20}' });
    reading.celsius = 21;
    expect(row.read(nowhere)).toBeUndefined();
    Object.assign(status, { updatedAt: 2 });
    expect(row.read(nowhere)).toEqual({ id: 3, text: '{"celsius":21}', updatedAt: 2 });
  });

  it("tells a value of the same time that is another one, and none that is no longer there", () => {
    const { value, status } = puppet();
    const row = rowOf(value);
    Object.assign(status, { value: 1, updatedAt: 1 });
    expect(row.read(nowhere)).toEqual({ id: 3, type: "number", text: "1", updatedAt: 1 });
    Object.assign(status, { value: 2 });
    expect(row.read(nowhere)).toEqual({ id: 3, text: "2" });
    Object.assign(status, { value: undefined });
    expect(row.read(nowhere)).toEqual({ id: 3, type: "none", text: null });
  });

  it("says nothing of the type of a value that is hidden", () => {
    const { value, status } = puppet();
    Object.assign(status, { value: { user: "ada" } });
    const row = new ValueRow(3, value, () => true);
    expect(row.read(nowhere)).toEqual({ id: 3, type: "string", text: '"[hidden]"' });
  });

  it("says which source of a stale value is why, by its error, or that nothing updates it", async () => {
    let fails = false;
    const reading = signal(
      "reading",
      () => {
        if (fails) throw new Error("no answer");
        return 7;
      },
      { interval: 1_000, staleAfter: 3_000 },
    );
    const flow = computed("flow", () => (reading.read() ?? 0) * 2, [reading]);
    const trend = computed("trend", () => flow.read() - 1, [flow]);
    const root = new Supervisor("gateway", { actors: [reading, flow, trend] });
    root.start();
    await vi.advanceTimersByTimeAsync(0);
    const row = rowOf(trend);
    row.read(nowhere);
    expect(row.state.cause).toBeUndefined();
    fails = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(row.read(nowhere)).toMatchObject({
      stale: true,
      staleFrom: "reading",
      cause: "old because of reading: no answer",
    });
    expect(row.read(nowhere)).toBeUndefined();
    fails = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(row.read(nowhere)).toMatchObject({ stale: null, staleFrom: null, cause: null });
    await root.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(row.read(nowhere)).toMatchObject({
      staleFrom: "reading",
      cause: "old because of reading",
    });
    const source = rowOf(reading);
    source.read(nowhere);
    expect(source.state).toMatchObject({ stale: true, staleFrom: undefined, cause: undefined });
  });

  it("names a source that is stale, and none that only failed", () => {
    const [one, failed, silent] = [puppet(), puppet(), puppet()];
    Object.assign(one.status, { stale: true });
    Object.assign(failed.status, { error: new Error("once") });
    Object.assign(silent.status, { stale: true });
    Object.assign(silent.value, { name: "silent" });
    Object.assign(one.value, { dependencies: [failed.value, silent.value] });
    const row = rowOf(one.value);
    row.read(nowhere);
    expect(row.state.staleFrom).toBe("silent");
  });

  it("bears sources that depend on each other, and one that throws", () => {
    const [one, other] = [puppet(), puppet()];
    for (const { status } of [one, other]) Object.assign(status, { stale: true });
    Object.assign(one.value, { dependencies: [other.value] });
    Object.assign(other.value, { name: "other", dependencies: [one.value] });
    const row = rowOf(one.value);
    row.read(nowhere);
    expect(row.state.cause).toBe("old because of other");
    Object.assign(other.value, {
      status: () => {
        throw new Error("touched");
      },
    });
    vi.advanceTimersByTime(1_000);
    row.read(nowhere);
    expect(row.state).toMatchObject({ cause: undefined, error: undefined, stale: true });
  });
});
