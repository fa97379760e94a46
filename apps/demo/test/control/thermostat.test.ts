import { Supervisor } from "@sup/core";
import { ModbusExceptionError, ModbusTimeoutError } from "@sup/modbus";
import { describe, expect, it, onTestFinished } from "vitest";
import { createThermostat } from "../../src/control/thermostat.ts";
import { recordingLogger } from "../recording-logger.ts";

describe("createThermostat", () => {
  it("switches the heater at the ends of the band, and only there", async () => {
    const { feel, switched } = start();
    for (const celsius of [60, 58, 60, 62, 60, 57]) await feel(celsius);
    expect(switched).toEqual([true, false, true]);
  });

  it("switches again when the device has forgotten what it was told", async () => {
    const { feel, switched, device } = start();
    await feel(57);
    device.heating = false;
    await feel(60);
    expect(switched).toEqual([true, true]);
  });

  it("takes a heater that is on within the band as it is", async () => {
    const { feel, switched, device } = start();
    device.heating = true;
    await feel(60);
    expect(switched).toEqual([]);
  });

  it("knows the latest reading, with what it has switched since", async () => {
    const { feel, thermostat } = start();
    expect(await thermostat.call("latest")).toBeUndefined();
    await feel(57);
    expect(await thermostat.call("latest")).toMatchObject({ celsius: 57, heating: true });
  });

  it("lives on when the device is away, and tries again with the next reading", async () => {
    const { feel, switched, device, supervisor } = start();
    device.trouble = new ModbusTimeoutError("no answer");
    await feel(57);
    device.trouble = undefined;
    await feel(57);
    expect(switched).toEqual([true]);
    expect(supervisor.children[0]).toMatchObject({ status: "ready", restarts: 0 });
  });

  it("crashes when the device has no such coil", async () => {
    const { feel, device, crashed } = start();
    device.trouble = new ModbusExceptionError("write coil", 2);
    await feel(57).catch(() => {});
    expect(await crashed).toBe(device.trouble);
  });

  it("switches the heater off when it ends", async () => {
    const { feel, switched, supervisor, lines } = start();
    await feel(57);
    await supervisor.stop();
    expect(switched).toEqual([true, false]);
    expect(lines.at(-1)).toBe("info heater off: the thermostat ends");
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
    device.trouble = new ModbusTimeoutError("no answer");
    await supervisor.stop();
    expect(lines.at(-1)).toBe(
      "error heater may be on: the thermostat ends and cannot switch it off: no answer",
    );
  });
});

function start() {
  const lines: string[] = [];
  const switched: boolean[] = [];
  const device = { heating: false, trouble: undefined as Error | undefined };
  const crashed = Promise.withResolvers<Error>();
  const heater = {
    async switch(on: boolean): Promise<void> {
      if (device.trouble !== undefined) throw device.trouble;
      switched.push(on);
      device.heating = on;
    },
  };
  const thermostat = createThermostat(heater, { low: 58, high: 62 });
  const supervisor = new Supervisor("control", {
    actors: [thermostat],
    policy: "temporary",
    autoShutdown: "never",
    logger: recordingLogger(lines),
    onError: (_, error) => crashed.resolve(error),
  });
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  return { thermostat, supervisor, device, switched, lines, crashed: crashed.promise, feel };

  /** Resolves when the thermostat has worked on the reading. */
  async function feel(celsius: number): Promise<void> {
    await thermostat.cast("regulate", { celsius, heating: device.heating, at: 0, took: 1 });
    await thermostat.call("latest");
  }
}
