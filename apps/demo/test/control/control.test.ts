import { trigger } from "@sup/bus";
import { type CallOptions, Supervisor } from "@sup/core";
import { ModbusExceptionError, ModbusTimeoutError } from "@sup/modbus";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createControl } from "../../src/control/control.ts";
import type { Band } from "../../src/control/hysteresis.ts";
import { recordingLogger } from "../recording-logger.ts";

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

describe("createControl", () => {
  it("switches the heater at the ends of the band, and only there", async () => {
    const { feel, switched } = start();
    for (const celsius of [60, 58, 60, 62, 60, 57]) await feel(celsius);
    expect(switched).toEqual([true, false, true]);
  });

  it("follows the band at once when that changes", async () => {
    const { band, feel, switched } = start();
    await feel(57);
    await band.write({ low: 53, high: 57 });
    await vi.advanceTimersByTimeAsync(1);
    expect(switched).toEqual([true, false]);
  });

  it("says why it switches", async () => {
    const { feel, switchings } = start();
    for (const celsius of [57.94, 62]) await feel(celsius);
    expect(switchings()).toEqual(["info switched on: 57.9 °C", "info switched off: 62.0 °C"]);
  });

  it("switches again when the device has forgotten what it was told", async () => {
    const { feel, switched, device, switchings } = start();
    await feel(57);
    device.heating = false;
    await feel(60);
    expect(switched).toEqual([true, true]);
    expect(switchings().at(-1)).toBe("info switched on: the device had forgotten it");
  });

  it("does not take a reading from before the switching for forgetfulness", async () => {
    const { feel, switched, device } = start();
    device.answersAfter = 400;
    await feel(57);
    await feel(57);
    expect(switched).toEqual([true]);
  });

  it("takes a heater that is on within the band as it is", async () => {
    const { feel, switched } = start({ heating: true });
    await feel(60);
    expect(switched).toEqual([]);
  });

  it("tells that a reading is stale when none has come for three seconds, and goes on", async () => {
    const { feel, device, control, switched } = start();
    await feel(60);
    device.trouble = new ModbusTimeoutError("no answer");
    await vi.advanceTimersByTimeAsync(3_500);
    expect(control.reading.status()).toMatchObject({ error: device.trouble, stale: true });
    expect(control.temperature.status()).toMatchObject({ value: 60, stale: true });
    expect(control.tooCold.status()).toMatchObject({ value: false, stale: true });
    device.trouble = undefined;
    await feel(57);
    expect(control.tooCold.status()).toMatchObject({ value: true, stale: false });
    expect(switched).toEqual([true]);
  });

  it("tells people every two seconds, and what fails", async () => {
    const { feel, device, reports } = start();
    await feel(60);
    for (let i = 0; i < 3; i++) await feel(61);
    device.trouble = new ModbusTimeoutError("no answer");
    await feel(61);
    expect(reports()).toEqual([
      "info 60.0 °C",
      "info 61.0 °C",
      "info 61.0 °C",
      expect.stringMatching(/^warn no reading for .* s: no answer$/),
    ]);
  });

  it.each(["read", "switch"] as const)(
    "crashes when the device has no such address to %s",
    async (request) => {
      const { device, feel, crashed } = start();
      await feel(60);
      device[request === "read" ? "trouble" : "switchTrouble"] = new ModbusExceptionError("it", 2);
      await feel(57);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(crashed[0]).toMatchObject({ exceptionCode: 2 });
    },
  );

  it("tries to switch again with the next reading when the device was away", async () => {
    const { device, feel, switched, crashed } = start();
    device.switchTrouble = new ModbusTimeoutError("no answer");
    await feel(57);
    device.switchTrouble = undefined;
    await feel(57);
    expect(switched).toEqual([true]);
    expect(crashed).toEqual([]);
  });

  it("switches the heater off when it ends", async () => {
    const { feel, switched, supervisor, lines } = start();
    await feel(57);
    await supervisor.stop();
    expect(switched).toEqual([true, false]);
    expect(lines.at(-1)).toBe("info heater off: the control ends");
  });

  it("leaves a heater alone that is off when it ends", async () => {
    const { feel, switched, supervisor } = start();
    await feel(60);
    await supervisor.stop();
    expect(switched).toEqual([]);
  });

  it("says so when it ends and cannot switch the heater off", async () => {
    const { feel, device, supervisor, lines } = start();
    await feel(57);
    device.switchTrouble = new ModbusTimeoutError("no answer");
    await supervisor.stop();
    expect(lines.at(-1)).toBe(
      "error heater may be on: the control ends and cannot switch it off: no answer",
    );
  });
});

function start({ heating = false } = {}) {
  const lines: string[] = [];
  const switched: boolean[] = [];
  const crashed: Error[] = [];
  const device = {
    celsius: 60,
    heating,
    answersAfter: 0,
    trouble: undefined as Error | undefined,
    switchTrouble: undefined as Error | undefined,
  };
  const heater = {
    async read({ signal }: CallOptions) {
      const { celsius, heating, answersAfter, trouble } = device;
      const timer = Promise.withResolvers<void>();
      setTimeout(timer.resolve, answersAfter);
      signal?.addEventListener("abort", () => timer.resolve());
      await timer.promise;
      if (trouble !== undefined) throw trouble;
      return { celsius, heating, at: Date.now(), took: answersAfter };
    },
    async switch(on: boolean): Promise<void> {
      if (device.switchTrouble !== undefined) throw device.switchTrouble;
      switched.push(on);
      device.heating = on;
    },
  };
  const logger = recordingLogger(lines);
  const band = trigger("band", (_: Band) => {}, { initialValue: { low: 58, high: 62 } });
  const control = createControl(heater, band, logger);
  const supervisor = new Supervisor("control", {
    actors: [band, ...Object.values(control)],
    policy: "temporary",
    autoShutdown: "never",
    logger,
    onError: (_, error) => crashed.push(error),
  });
  onTestFinished(() => supervisor.stop());
  // The first poll comes at once, and the others at half a second.
  supervisor.start();
  return {
    band,
    control,
    supervisor,
    device,
    switched,
    lines,
    crashed,
    /** The lines of the heater's switch. */
    switchings: () => lines.filter((line) => / switched /.test(line)),
    /** The lines of the report. */
    reports: () => lines.filter((line) => /^info \d|no reading/.test(line)),
    /** Lasts until there was a reading of the temperature, and what follows from it. */
    feel: async (celsius: number): Promise<void> => {
      device.celsius = celsius;
      await vi.advanceTimersByTimeAsync(500 + 250);
      await vi.advanceTimersByTimeAsync(250);
    },
  };
}
