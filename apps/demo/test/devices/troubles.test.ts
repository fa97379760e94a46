import { describe, expect, it } from "vitest";
import { troublesOf } from "../../src/devices/troubles.ts";

describe("troublesOf", () => {
  it("hits each counterpart, and lets it recover from what lasts", () => {
    const events: string[] = [];
    const victim = (name: string) => ({
      cast: (...words: readonly unknown[]) => void events.push([name, ...words].join(" ")),
    });
    const troubles = troublesOf({
      simulator: victim("simulator"),
      priceServer: victim("price-server"),
      alarmServer: victim("alarm-server"),
      sidecar: { pid: undefined },
    });
    for (const { begin, lasts, end } of troubles) {
      begin();
      if (lasts !== undefined) events.push(`lasts ${lasts}`);
      end?.();
    }
    expect(events).toEqual([
      "simulator suffer reset",
      "price-server freeze",
      "simulator suffer power cut",
      "alarm-server end",
      "simulator suffer hang",
      "lasts 6000",
      "simulator recover",
      "simulator suffer slow",
      "lasts 6000",
      "simulator recover",
    ]);
  });
});
