import { once } from "node:events";
import { signal } from "@sup/bus";
import { Supervisor, type SupervisorOptions, task } from "@sup/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createJournal } from "../../src/terminal/journal.ts";

describe("createJournal", () => {
  it("tells each event of a crash and its recovery once", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { lines, supervisor } = journalOf({
      actors: [
        task("pump", async ({ restarts, ready, signal, logger }) => {
          if (restarts === 0) throw new Error("stuck");
          ready();
          logger.info({ rpm: 900 }, "pumps");
          await once(signal, "abort");
        }),
      ],
      restartDelay: { initial: 1_000, jitter: 0 },
    });
    supervisor.start();
    await vi.advanceTimersByTimeAsync(1_000);
    await supervisor.stop();
    expect(lines).toEqual([
      "error pump                failed: stuck",
      "warn  pump                restarts in 1000 ms (restart 1)",
      "info  pump                ready again after 1.0 s",
      "info  pump                pumps rpm=900",
    ]);
  });

  it("tells of each reason for which a value is not updated, and of none again and again", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const reasons = ["no answer", "no answer", "tripped", "no answer", "tripped"].values();
    const flow = signal(
      "flow",
      () => {
        throw new Error(reasons.next().value);
      },
      { interval: 1_000 },
    );
    const { lines, supervisor } = journalOf({ actors: [flow] });
    supervisor.start();
    await vi.advanceTimersByTimeAsync(4_500);
    await supervisor.stop();
    expect(lines).toEqual([
      'error flow                update of signal "flow" failed: no answer',
      'error flow                update of signal "flow" failed: tripped',
    ]);
  });

  it("tells when a supervisor gives up", async () => {
    const { lines, supervisor } = journalOf({
      actors: [task("pump", () => Promise.reject(new Error("stuck")))],
      restartLimit: { maxRestarts: 0, window: 1_000 },
    });
    await supervisor.run().catch(() => {});
    expect(lines).toEqual([
      "error pump                failed: stuck",
      expect.stringMatching(/^error +a supervisor gives up: .*"pump"/),
    ]);
  });

  it("tells who was left behind", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { lines, supervisor } = journalOf({
      actors: [task("pump", () => new Promise(() => {}))],
      shutdownTimeout: 100,
    });
    supervisor.start();
    const stopped = supervisor.stop();
    await vi.advanceTimersByTimeAsync(100);
    await stopped;
    expect(lines).toEqual(["error pump                does not end, and is left behind"]);
  });
});

function journalOf(options: SupervisorOptions): { lines: string[]; supervisor: Supervisor } {
  const lines: string[] = [];
  const afterTime = "00:00:00.000 ".length;
  const journal = createJournal((line) => lines.push(line.slice(afterTime)));
  return { lines, supervisor: new Supervisor("plant", { ...options, ...journal }) };
}
