import { describe, expect, it } from "vitest";
import { troublesOf } from "../../src/devices/troubles.ts";

describe("troublesOf", () => {
  it("hits each counterpart, and lets it recover from what lasts", () => {
    const events: string[] = [];
    const victim = (name: string) => ({
      cast: (...[type, payload]: readonly unknown[]): undefined => {
        const detail = (payload as { celsius?: number } | undefined)?.celsius ?? payload ?? "";
        events.push([name, type, detail].join(" ").trim());
      },
    });
    const troubles = troublesOf({
      simulator: victim("simulator"),
      priceServer: victim("price-server"),
      alarmServer: victim("alarm-server"),
      historian: victim("historian"),
      sidecar: { pid: undefined },
    });
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
});
