import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

describe("Mailbox: what a settled send leaves behind (M15)", () => {
  it(
    "is nothing on the heap after a million calls on one signal, nor after many sends of each other kind",
    { timeout: 60_000 },
    async () => {
      const file = fileURLToPath(new URL("./leftovers/run.ts", import.meta.url));
      const flags = [
        "--expose-gc",
        "--conditions=@sup/source",
        "--disable-warning=ExperimentalWarning",
      ];
      const { stdout } = await promisify(execFile)(process.execPath, [...flags, file]);
      const cases = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Leftovers);
      expect(cases.length).toBe(8);
      for (const { name, bytes, listeners, timers } of cases) {
        expect({ name, listeners, timers }).toEqual({ name, listeners: 0, timers: 0 });
        // A single word for each of a third of the sends would be 133,000.
        expect({ name, bytes: Math.max(bytes, 100_000) }).toEqual({ name, bytes: 100_000 });
      }
    },
  );
});

interface Leftovers {
  readonly name: string;
  readonly bytes: number;
  readonly listeners: number;
  readonly timers: number;
}
