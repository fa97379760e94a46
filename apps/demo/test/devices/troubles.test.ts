import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { troublesOf, type Victims } from "../../src/devices/troubles.ts";

describe("troublesOf", () => {
  it("hits each counterpart, and lets it recover from what lasts", () => {
    const events: string[] = [];
    const troubles = troublesOf(victims(events));
    for (const { begin, lasts, end } of troubles) {
      begin();
      if (lasts !== undefined) events.push(`lasts ${lasts}`);
      end?.();
    }
    expect(events).toEqual([
      "simulator suffer reset",
      "simulator suffer trip",
      "price-server freeze",
      "historian keep NaN",
      "historian keep NaN",
      "simulator suffer power cut",
      "lasts 4000",
      "alarm-server end",
      "simulator suffer hang",
      "lasts 6000",
      "simulator recover",
      "historian hang 9000",
      "lasts 9000",
      "simulator suffer silence",
      "lasts 6000",
      "simulator recover",
    ]);
  });

  it("is told in the README, with the second in which each begins", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const rows = readme.matchAll(/^\| (\d+) \| (.*?) \|/gm);
    const told = Array.from(rows, ([, second, text]) => [Number(second), text]);
    expect(told).toEqual([...timetable(7), [7 + cycle(7), "begins again"]]);
  });
});

/** Each trouble with the second in which it begins, after `calm` seconds of the one before. */
function timetable(calm: number) {
  let second = 0;
  return troublesOf(victims([])).map(({ text, lasts = 0 }) => {
    const begin = (second += calm);
    second += lasts / 1_000;
    return [begin, text];
  });
}

/** Seconds from the first trouble until it comes again. */
function cycle(calm: number): number {
  const troubles = troublesOf(victims([]));
  return troubles.reduce((sum, { lasts = 0 }) => sum + calm + lasts / 1_000, 0);
}

/** Victims that note what happens to them. */
function victims(events: string[]): Victims {
  const victim = (name: string) => ({
    cast: (...[type, payload]: readonly unknown[]): undefined => {
      const detail = (payload as { celsius?: number } | undefined)?.celsius ?? payload ?? "";
      events.push([name, type, detail].join(" ").trim());
    },
  });
  return {
    simulator: victim("simulator"),
    priceServer: victim("price-server"),
    alarmServer: victim("alarm-server"),
    historian: victim("historian"),
    sidecar: { pid: undefined },
  };
}
