import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { ModbusClosedError, ModbusConnectError, ModbusTimeoutError } from "../src/index.ts";
import { freePort } from "../../../scripts/test/servers/free-port.ts";
import { pymodbusDevice } from "./servers/pymodbus-device.ts";
import { answered, failure, supervised } from "./supervised.ts";

const range = (length: number, from = 0) => Array.from({ length }, (_, index) => from + index);

async function plant(options: Parameters<typeof supervised>[1] = {}) {
  const port = await freePort();
  const device = await pymodbusDevice(port);
  return { port, device, ...supervised(port, { timeout: 10_000, ...options }) };
}

describe("ModbusActor with pymodbus", () => {
  it("reads coils, discrete inputs, holding registers and input registers", async () => {
    const { plc } = await plant();
    expect(await plc.readCoils(0, 4)).toEqual([true, false, false, true]);
    expect(await plc.readDiscreteInputs(1, 3)).toEqual([false, true, false]);
    expect(await plc.readHoldingRegisters(100, 2)).toEqual([100, 101]);
    expect(await plc.readInputRegisters(0, 2)).toEqual([65_535, 65_534]);
  });

  it("reads back what each write wrote", async () => {
    const { plc } = await plant();
    await plc.writeCoil(1, true);
    await plc.writeCoil(0, false);
    expect(await plc.readCoils(0, 2)).toEqual([false, true]);
    await plc.writeCoils(10, [true, true, false, true, true, false, false, true, true]);
    expect(await plc.readCoils(10, 9)).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
    await plc.writeRegister(5, 65_535);
    await plc.writeRegisters(6, [1, 2, 3]);
    expect(await plc.readHoldingRegisters(5, 5)).toEqual([65_535, 1, 2, 3, 9]);
    await plc.writeRegister(4, 0x12);
    await plc.maskWriteRegister(4, 0xf2, 0x25);
    expect(await plc.readHoldingRegisters(4, 1)).toEqual([0x17]);
    expect(await plc.readWriteRegisters(6, 3, 8, [77])).toEqual([1, 2, 77]);
  });

  it("reads and writes as much as one request may have, up to the last address", async () => {
    const { plc } = await plant();
    expect(await plc.readCoils(63_536, 2_000)).toEqual(
      range(2_000, 63_536).map((at) => at % 3 === 0),
    );
    expect(await plc.readDiscreteInputs(0, 2_000)).toEqual(range(2_000).map((at) => at % 2 === 0));
    expect(await plc.readHoldingRegisters(65_411, 125)).toEqual(range(125, 65_411));
    expect(await plc.readInputRegisters(65_411, 125)).toEqual(
      range(125, 65_411).map((at) => 65_535 - at),
    );
    const coils = range(1_968).map((at) => at % 5 === 0);
    await plc.writeCoils(63_568, coils);
    expect(await plc.readCoils(63_568, 1_968)).toEqual(coils);
    await plc.writeRegisters(65_413, range(123, 1_000));
    expect(await plc.readHoldingRegisters(65_413, 123)).toEqual(range(123, 1_000));
    expect(await plc.readWriteRegisters(0, 125, 0, range(121, 7))).toEqual([
      ...range(121, 7),
      ...range(4, 121),
    ]);
  });

  it("rejects with the exception of the device, and lives", async () => {
    const { plc, crashes } = await plant({ unitId: 2 });
    expect(await failure(plc.readHoldingRegisters(9, 2))).toMatchObject({
      code: "MODBUS_EXCEPTION",
      exceptionCode: 2,
    });
    expect(await failure(plc.writeRegister(10, 1))).toMatchObject({ exceptionCode: 2 });
    expect(await plc.readHoldingRegisters(8, 2)).toEqual([8, 9]);
    expect(crashes).toEqual([]);
  });

  it("times out on a unit that is not there, while an actor of another unit is answered", async () => {
    const { plc, port, crashes } = await plant({ unitId: 9, timeout: 100 });
    const other = supervised(port, { unitId: 2, timeout: 10_000 }).plc;
    expect(await failure(plc.readHoldingRegisters(0, 1))).toBeInstanceOf(ModbusTimeoutError);
    expect(await other.readHoldingRegisters(3, 1)).toEqual([3]);
    expect(crashes).toEqual([]);
  });

  it("answers hundreds of callers, each with its own registers", async () => {
    const { plc } = await plant({ capacity: 8 });
    const addresses = range(400, 1_000);
    const answers = await Promise.all(addresses.map((at) => plc.readHoldingRegisters(at, 2)));
    expect(answers).toEqual(addresses.map((at) => [at, at + 1]));
  });

  it("goes on when the device was killed and comes back: nothing queued is lost", async () => {
    const { plc, port, device, crashes, crashed } = await plant();
    expect(await plc.readHoldingRegisters(1, 1)).toEqual([1]);
    device.kill("SIGKILL");
    await crashed(1);
    expect(crashes[0]).toBeInstanceOf(ModbusClosedError);
    if (device.signalCode === null) await once(device, "exit");
    // The one that was under way may have met the port just before it closed.
    await crashed(crashes.length + 2);
    expect(crashes.at(-1)).toBeInstanceOf(ModbusConnectError);
    const queued = [plc.writeRegister(1, 42), plc.readHoldingRegisters(1, 1)];
    await pymodbusDevice(port);
    expect(await Promise.all(queued)).toEqual([undefined, [42]]);
  });

  it("takes a device that hangs for dead after `failAfter` timeouts, and goes on when it wakes", async () => {
    const { plc, device, crashes, crashed } = await plant({ timeout: 250, failAfter: 2 });
    expect(await answered(() => plc.readHoldingRegisters(1, 1))).toEqual([1]);
    device.kill("SIGSTOP");
    const errors = await Promise.all(range(2).map((at) => failure(plc.writeRegister(at, 7))));
    expect(errors.map((error) => error.code)).toEqual(["MODBUS_TIMEOUT", "MODBUS_TIMEOUT"]);
    await crashed(1);
    expect(crashes[0]).toBeInstanceOf(ModbusTimeoutError);
    const waiting = answered(() => plc.readHoldingRegisters(9, 1));
    device.kill("SIGCONT");
    expect(await waiting).toEqual([9]);
  });
});
