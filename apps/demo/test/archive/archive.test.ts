import { trigger } from "@sup/bus";
import { Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { createArchive } from "../../src/archive/archive.ts";
import type { Reading } from "../../src/heater/heater.ts";
import { recordingLogger } from "../recording-logger.ts";

describe("createArchive", () => {
  it("has each worker in turn seal a batch of twenty readings", async () => {
    const { write, nextSeal, lines } = start();
    for (let batch = 1; batch <= 4; batch++) {
      for (let i = 0; i < 20; i++) await write(batch * 10 + i / 10);
      const range = { lowest: batch * 10, highest: batch * 10 + 1.9 };
      expect(await nextSeal()).toMatchObject({ count: 20, ...range });
    }
    expect(lines.filter((line) => line.includes("sealed")).map(withoutHash)).toEqual([
      "info 20 readings, 10.0 to 11.9 °C, sealed as … by worker-1",
      "info 20 readings, 20.0 to 21.9 °C, sealed as … by worker-2",
      "info 20 readings, 30.0 to 31.9 °C, sealed as … by worker-3",
      "info 20 readings, 40.0 to 41.9 °C, sealed as … by worker-1",
    ]);
  });

  it("loses nothing while the historian hangs", async () => {
    const { write, nextSeal, historian } = start();
    await historian.cast("hang", 100);
    for (let i = 0; i < 20; i++) await write(50 + i);
    expect(historian.mailbox.length).toBeLessThanOrEqual(5);
    expect(await nextSeal()).toMatchObject({ count: 20, lowest: 50, highest: 69 });
  });
});

function start() {
  const readings = trigger("readings", (_: Reading) => {});
  const { workers, ...archive } = createArchive(readings);
  const lines: string[] = [];
  const supervisor = new Supervisor("archive", {
    actors: [readings, ...workers, ...Object.values(archive)],
    policy: "permanent",
    startup: "ordered",
    logger: recordingLogger(lines),
  });
  onTestFinished(() => supervisor.stop());
  const seals = archive.seal.subscribe()[Symbol.asyncIterator]();
  supervisor.start();
  return {
    historian: archive.historian,
    lines,
    write: (celsius: number) => readings.write({ celsius, heating: true, at: celsius, took: 1 }),
    nextSeal: async () => (await seals.next()).value,
  };
}

function withoutHash(line: string): string {
  return line.replace(/[\da-f]{8}…/, "…");
}
