import { describe, expect, it } from "vitest";
import { ReadingReport } from "../../src/control/reading-report.ts";
import { recordingLogger } from "../recording-logger.ts";

const silence = new Error("no answer");

describe("ReadingReport", () => {
  it("tells each reading once", () => {
    const { report, lines } = reporter();
    for (let at = 0; at <= 4_000; at += 500)
      for (let look = 0; look < 3; look++) report.came({ celsius: 60, heating: true, at, took: 1 });
    expect(lines).toEqual(Array(9).fill("info 60.0 °C"));
  });

  it("tells at once when readings fail, calmly goes on, and says when the last is stale", () => {
    const { report, lines } = reporter();
    report.came({ celsius: 60.04, heating: false, at: 1_000, took: 1 });
    for (let now = 1_500; now <= 6_000; now += 500) report.failed(silence, now);
    expect(lines).toEqual([
      "info 60.0 °C",
      "warn no reading for 500 ms: no answer",
      "warn no reading for 2.5 s: no answer",
      "warn no reading for 4.5 s, 60.0 °C is stale: no answer",
    ]);
  });

  it("tells at once when readings are back", () => {
    const { report, lines } = reporter();
    report.came({ celsius: 60, heating: true, at: 0, took: 1 });
    report.failed(silence, 400);
    report.came({ celsius: 61, heating: true, at: 900, took: 1 });
    expect(lines.slice(2)).toEqual(["info 61.0 °C; readings are back after 900 ms"]);
  });

  it("does not take for the end of a failure what was read before it", () => {
    const { report, lines } = reporter();
    report.came({ celsius: 60, heating: true, at: 0, took: 1 });
    report.failed(silence, 800);
    report.came({ celsius: 61, heating: true, at: 500, took: 1 });
    report.failed(silence, 1_300);
    report.came({ celsius: 62, heating: true, at: 1_400, took: 1 });
    expect(lines).toEqual([
      "info 60.0 °C",
      "warn no reading for 800 ms: no answer",
      "info 62.0 °C; readings are back after 1.4 s",
    ]);
  });

  it("says so when there never was a reading", () => {
    const { report, lines } = reporter();
    report.failed(silence, 50);
    report.came({ celsius: 61, heating: true, at: 100, took: 1 });
    expect(lines).toEqual(["warn no reading yet: no answer", "info 61.0 °C"]);
  });

  it("remarks on a slow answer", () => {
    const { report, lines } = reporter();
    report.came({ celsius: 60, heating: true, at: 0, took: 802 });
    expect(lines).toEqual(["info 60.0 °C; the answer took 802 ms"]);
  });
});

function reporter(): { report: ReadingReport; lines: string[] } {
  const lines: string[] = [];
  return { report: new ReadingReport(recordingLogger(lines)), lines };
}
