import { describe, expect, it } from "vitest";
import type { Settings } from "../../src/launch/settings.ts";
import { welcome } from "../../src/launch/welcome.ts";

const own: Settings = {
  port: 8_080,
  modbus: { address: { host: "127.0.0.1", port: 5_020, units: { heater: 1, meter: 2 } }, speed: 1 },
  prices: { url: "ws://127.0.0.1:5021/", ownPort: 5_021 },
  alarms: { url: "http://127.0.0.1:5022/", ownPort: 5_022 },
  sidecar: undefined,
  calm: undefined,
};

describe("welcome", () => {
  it("says where everything is", () => {
    expect(welcome(own)).toContain(`
  simulated plant       Modbus TCP on 127.0.0.1:5020, heater 1, meter 2
  simulated price feed  ws://127.0.0.1:5021/
  simulated alarms      http://127.0.0.1:5022/
  sidecar               the demo's own weather station
  dashboard             http://127.0.0.1:8080/

Ctrl-C ends it in order.
npm start -- --chaos makes`);
  });

  it("does not offer chaos where a counterpart is somebody else's, and keeps what may be secret", () => {
    const prices = { url: "wss://me:secret@prices.example/live?token=secret", ownPort: undefined };
    const text = welcome({ ...own, prices, sidecar: "./station --zone 1" });
    expect(text).toContain("  price feed        wss://prices.example/live\n");
    expect(text).toContain("  sidecar           ./station --zone 1\n");
    expect(text).toMatch(/Ctrl-C ends it in order\.\n\n$/);
  });

  it("says what chaos is going to do", () => {
    expect(welcome({ ...own, calm: 7_000 })).toContain("--chaos: something will fail");
  });
});
