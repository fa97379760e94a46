import { Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createHistorian } from "../../src/devices/historian.ts";

/** What the historian waits for while it hangs: it lasts until the test says so. */
const disk = vi.hoisted(() => ({ answer: () => {} }));

vi.mock("node:timers/promises", () => ({
  setTimeout: (_: number, value: undefined, { signal }: { signal: AbortSignal }) =>
    new Promise<void>((resolve, reject) => {
      disk.answer = () => resolve(value);
      signal.addEventListener("abort", () => reject(signal.reason));
    }),
}));

describe("createHistorian", () => {
  it("keeps readings until they are taken", async () => {
    const { historian } = start();
    await historian.cast("keep", reading(60));
    await historian.cast("keep", reading(61));
    expect(await historian.call("take")).toEqual([reading(60), reading(61)]);
    expect(await historian.call("take")).toEqual([]);
  });

  it("crashes of a reading that is no number, which is undelivered, and goes on with nothing kept", async () => {
    const { historian, events } = start();
    await historian.cast("keep", reading(60));
    await historian.cast("keep", reading(NaN));
    await historian.cast("keep", reading(61));
    expect(await historian.call("take")).toEqual([reading(61)]);
    expect(events).toEqual(["undelivered keep", "failed: A reading is no number"]);
  });

  it("fills its mailbox while it hangs, and lets who brings more wait", async () => {
    const { historian } = start();
    await historian.cast("hang", 100);
    await expect.poll(() => historian.mailbox.length, { interval: 1 }).toBe(0);
    for (let i = 0; i < 5; i++) expect(historian.tryCast("keep", reading(i))).toBe(true);
    expect(historian.tryCast("keep", reading(5))).toBe(false);
    const late = historian.cast("keep", reading(5));
    disk.answer();
    await late;
    const taken = await historian.call("take");
    expect(taken.map(({ celsius }) => celsius)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("ends at once while it hangs", async () => {
    const { historian, supervisor, events } = start();
    historian.cast("hang", 60_000);
    await expect.poll(() => historian.mailbox.length).toBe(0);
    await supervisor.stop();
    expect(events).toEqual([]);
  });
});

function reading(celsius: number) {
  return { celsius, heating: false, at: 0, took: 1 };
}

function start() {
  const events: string[] = [];
  const historian = createHistorian();
  const supervisor = new Supervisor("archive", {
    actors: [historian],
    policy: "permanent",
    restartDelay: 0,
    observer: { onMessageUndelivered: (_, { type }) => void events.push(`undelivered ${type}`) },
    onError: (_, { message }) => void events.push(`failed: ${message}`),
  });
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  return { historian, supervisor, events };
}
