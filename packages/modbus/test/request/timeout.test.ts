import { Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { ModbusActor, ModbusClosedError, ModbusConnectError } from "../../src/index.ts";
import { blackHole } from "../../../../scripts/test/servers/black-hole.ts";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";
import { wellBehaved } from "../servers/scripted-device.ts";
import { device, failure, supervised } from "../supervised.ts";

const reading = 'Cannot read holding registers 0 to 9 of unit 1 of "plc"';

describe("the call's timeout", () => {
  it("says that the actor was not started", async () => {
    const plc = new ModbusActor("plc", { transport: "tcp", host: "127.0.0.1" });
    const late = await failure(plc.readHoldingRegisters(0, 10, { timeout: 5 }));
    expect(late).toBeInstanceOf(DOMException);
    expect(late.name).toBe("TimeoutError");
    expect(late.message).toBe(`${reading}: no connection within 5 ms (the actor was not started)`);
    expect(late.cause).toBeUndefined();
  });

  it("says why there is no connection when nobody ever listened, with the last error", async () => {
    const port = await freePort();
    const { plc, crashes, crashed } = supervised(port);
    await crashed(1);
    const { name, message, cause } = await failure(
      plc.readHoldingRegisters(0, 10, { timeout: 20 }),
    );
    expect(name).toBe("TimeoutError");
    expect(message).toBe(
      `${reading}: no connection within 20 ms (Cannot connect to 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port})`,
    );
    expect(cause).toBeInstanceOf(ModbusConnectError);
    expect(crashes).toContain(cause);
  });

  it("says that the first attempt to connect still goes on, and how the last one ended", async () => {
    using hole = await blackHole();
    const { plc, crashed } = supervised(hole.port, { connectTimeout: 100 });
    const early = failure(plc.readHoldingRegisters(0, 10, { timeout: 10 }));
    expect((await early).message).toBe(`${reading}: no connection within 10 ms (still connecting)`);
    await crashed(1);
    const later = await failure(plc.readHoldingRegisters(0, 10, { timeout: 10 }));
    expect(later.message).toBe(
      `${reading}: no connection within 10 ms (Cannot connect to 127.0.0.1:${hole.port}: no connection within 100 ms)`,
    );
    expect(later.cause).toBeInstanceOf(ModbusConnectError);
  });

  it("says how the connection was lost when the device went away", async () => {
    const plant = await device(wellBehaved);
    const plc = new ModbusActor("plc", { transport: "tcp", host: "127.0.0.1", port: plant.port });
    const lost = Promise.withResolvers<Error>();
    const root = new Supervisor("root", {
      actors: [plc],
      restartDelay: 60_000,
      onError: (_, error) => lost.resolve(error),
    });
    onTestFinished(() => root.stop());
    root.start();
    await plc.readHoldingRegisters(0, 1);
    await plant.disconnect();
    await lost.promise;
    const late = await failure(plc.readHoldingRegisters(0, 10, { timeout: 5 }));
    expect(late.message).toMatch(
      `${reading}: no connection within 5 ms (Lost the connection to 127.0.0.1:${plant.port}: `,
    );
    expect(late.cause).toBeInstanceOf(ModbusClosedError);
    expect(late.cause).toBe(await lost.promise);
  });

  it("says that the actor was stopped when it waits for the restart of another one", async () => {
    const plant = await device(wellBehaved);
    const plc = new ModbusActor("plc", { transport: "tcp", host: "127.0.0.1", port: plant.port });
    const gateway = new Puppet("gateway");
    const root = new Supervisor("root", {
      actors: [gateway, plc],
      strategy: "one-for-all",
      restartDelay: 60_000,
    });
    onTestFinished(() => root.stop());
    root.start();
    await plc.readHoldingRegisters(0, 1);
    gateway.life.crash();
    const late = await failure(plc.readHoldingRegisters(0, 10, { timeout: 5 }));
    expect(late.message).toBe(`${reading}: no connection within 5 ms (the actor was stopped)`);
  });

  it.each([false, true])(
    "tells what was not sent from what was not answered when the device is silent, batch %s",
    async (batch) => {
      const plant = await device(wellBehaved);
      const { plc } = supervised(plant.port, { timeout: 60_000, batch });
      await plc.readInputRegisters(0, 1);
      plant.script = () => {};
      const first = failure(plc.readHoldingRegisters(0, 10, { timeout: 50 }));
      const second = failure(plc.writeRegister(5, 1, { timeout: 5 }));
      expect((await second).message).toBe(
        'Cannot write register 5 of unit 1 of "plc": not sent within 5 ms (it waited for its turn)',
      );
      expect((await first).message).toBe(`${reading}: no answer within 50 ms`);
      const third = failure(plc.readDeviceIdentification(1, 0, { timeout: 20 }));
      expect((await third).message).toBe(
        'Cannot read device identification of unit 1 of "plc": no answer within 20 ms',
      );
      await plant.received(3);
      expect(plant.requests.slice(1)).toEqual(["01030000000a", "012b0e0100"]);
    },
  );

  it("leaves the reason of a signal as it is", async () => {
    const plc = new ModbusActor("plc", { transport: "tcp", host: "127.0.0.1" });
    const signal = AbortSignal.timeout(5);
    const late = await failure(plc.readHoldingRegisters(0, 10, { signal, timeout: 60_000 }));
    expect(late).toBe(signal.reason);
  });
});
