import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  float32,
  int64,
  ModbusClosedError,
  ModbusExceptionError,
  type ModbusActorOptions,
  string,
} from "../src/index.ts";
import { freePort } from "../../../scripts/test/servers/free-port.ts";
import { compileLibmodbusDevice, libmodbusDevice } from "./servers/libmodbus-device.ts";
import { pymodbusDevice } from "./servers/pymodbus-device.ts";
import { SerialLine } from "./servers/serial-line.ts";
import { answered, failure, supervisedOver } from "./supervised.ts";

const transports = ["tcp", "udp", "rtu-over-tcp", "rtu", "ascii"] as const;

type Transport = ModbusActorOptions["transport"];

async function line(): Promise<SerialLine> {
  const started = await SerialLine.start();
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

/** An actor with a device at the other end, which `start` starts. */
async function plant(
  transport: Transport,
  start: (place: string | number) => Promise<unknown>,
  common: { timeout?: number } = { timeout: 10_000 },
) {
  if (transport !== "rtu" && transport !== "ascii") {
    const port = await freePort();
    await start(port);
    return supervisedOver({ ...common, transport, host: "127.0.0.1", port });
  }
  const { path, devicePath } = await line();
  await start(devicePath);
  return supervisedOver({ ...common, transport, path, baudRate: 115_200, parity: "none" });
}

const pymodbus = (transport: Transport, common?: { timeout?: number }) =>
  plant(transport, (place) => pymodbusDevice(place, transport), common);

describe.each(transports)("ModbusActor with pymodbus over %s", (transport) => {
  it("reads and writes coils, inputs and registers", async () => {
    const { plc } = await pymodbus(transport);
    expect(await plc.readCoils(0, 9)).toEqual(Array.from({ length: 9 }, (_, at) => at % 3 === 0));
    expect(await plc.readDiscreteInputs(1, 3)).toEqual([false, true, false]);
    expect(await plc.readHoldingRegisters(100, 125)).toEqual(
      Array.from({ length: 125 }, (_, at) => 100 + at),
    );
    expect(await plc.readInputRegisters(0, 2)).toEqual([65_535, 65_534]);
    await plc.writeCoil(1, true);
    await plc.writeCoils(2, [true, false, true]);
    expect(await plc.readCoils(0, 5)).toEqual([true, true, true, false, true]);
    await plc.writeRegister(5, 7);
    await plc.writeRegisters(6, [8, 9]);
    await plc.maskWriteRegister(5, 0xf2, 0x25);
    expect(await plc.readWriteRegisters(5, 4, 8, [77])).toEqual([
      (7 & 0xf2) | (0x25 & ~0xf2),
      8,
      9,
      77,
    ]);
  });

  it("reads and writes values that take several registers", async () => {
    const { plc } = await pymodbus(transport);
    const temperature = float32({ wordOrder: "little" });
    await plc.write(10, temperature, 21.5);
    await plc.write(20, int64(), -5n);
    await plc.write(30, string(8), "Pumpe 4");
    expect(await plc.read(10, temperature)).toBe(21.5);
    expect(await plc.read(20, int64())).toBe(-5n);
    expect(await plc.read(30, string(8))).toBe("Pumpe 4");
  });

  it("rejects with the exception of the device, also of another unit, and lives", async () => {
    const { plc, crashes } = await pymodbus(transport);
    const other = plc.unit(2);
    expect(await failure(other.readHoldingRegisters(9, 2))).toBeInstanceOf(ModbusExceptionError);
    expect(await other.readHoldingRegisters(8, 2)).toEqual([8, 9]);
    expect(await plc.readHoldingRegisters(9, 2)).toEqual([9, 10]);
    expect(crashes).toEqual([]);
  });

  it("reads the device's identification over several answers, its server id and any other function", async () => {
    const { plc } = await pymodbus(transport);
    const { objects } = await plc.readDeviceIdentification(2);
    expect(objects).toEqual({
      0: "sup",
      1: "T".repeat(60),
      2: "1.0",
      3: "V".repeat(100),
      4: "P".repeat(100),
      5: "M".repeat(100),
    });
    expect(await plc.readDeviceIdentification(4, 5)).toMatchObject({ objects: { 5: objects[5] } });
    expect((await plc.reportServerId()).toString("latin1")).toBe(`sup-${"T".repeat(60)}-1.0\u00ff`);
    expect(await plc.request(8, [0, 0, 0xca, 0xfe])).toEqual(Buffer.of(0, 0, 0xca, 0xfe));
    await plc.writeFileRecords([{ file: 4, record: 1, values: [1, 2] }]);
  });

  it("goes on with other units when one does not answer", async () => {
    const { plc, crashes } = await pymodbus(transport, { timeout: 100 });
    const missing = plc.unit(9).readHoldingRegisters(0, 1);
    const there = answered(() => plc.unit(2).readHoldingRegisters(3, 1));
    expect(await failure(missing)).toMatchObject({ code: "MODBUS_TIMEOUT" });
    expect(await there).toEqual([3]);
    expect(crashes).toEqual([]);
  });
});

describe("ModbusActor with libmodbus", () => {
  let device: Awaited<ReturnType<typeof compileLibmodbusDevice>>;
  beforeAll(async () => {
    device = await compileLibmodbusDevice();
  });
  afterAll(() => device?.[Symbol.asyncDispose]());

  it.each(["tcp", "rtu"] as const)("reads and writes all it knows over %s", async (transport) => {
    const { plc } = await plant(transport, (place) =>
      libmodbusDevice(device.program, transport, place),
    );
    expect(await plc.readCoils(0, 4)).toEqual([true, false, false, true]);
    expect(await plc.readDiscreteInputs(1, 3)).toEqual([false, true, false]);
    expect(await plc.readHoldingRegisters(100, 2)).toEqual([100, 101]);
    expect(await plc.readInputRegisters(0, 2)).toEqual([65_535, 65_534]);
    await plc.writeCoil(1, true);
    await plc.writeCoils(2, [true, true]);
    await plc.writeRegister(4, 0x12);
    await plc.writeRegisters(5, [6, 7]);
    await plc.maskWriteRegister(4, 0xf2, 0x25);
    expect(await plc.readCoils(0, 4)).toEqual([true, true, true, true]);
    expect(await plc.readWriteRegisters(4, 3, 6, [77])).toEqual([0x17, 6, 77]);
    expect((await plc.reportServerId()).toString("latin1")).toMatch(/LMB3\./);
    expect(await failure(plc.readHoldingRegisters(500, 1))).toMatchObject({ exceptionCode: 2 });
    expect(await failure(plc.request(100, []))).toMatchObject({ exceptionCode: 1 });
  });

  it("gives hundreds of callers their own registers over rtu", async () => {
    const { plc } = await plant("rtu", (place) => libmodbusDevice(device.program, "rtu", place));
    const addresses = Array.from({ length: 300 }, (_, at) => at);
    const answers = await Promise.all(addresses.map((at) => plc.readHoldingRegisters(at, 2)));
    expect(answers).toEqual(addresses.map((at) => [at, at + 1]));
  });
});

describe("ModbusActor with an adapter that is pulled out", () => {
  it("crashes, and goes on when it is plugged in again", async () => {
    const cable = await line();
    const { path, devicePath } = cable;
    await pymodbusDevice(devicePath, "rtu");
    const { plc, crashes, crashed } = supervisedOver({
      transport: "rtu",
      path,
      baudRate: 115_200,
      timeout: 10_000,
    });
    expect(await plc.readHoldingRegisters(1, 1)).toEqual([1]);
    await cable.unplug();
    await crashed(3);
    expect(crashes[0]).toBeInstanceOf(ModbusClosedError);
    expect(crashes.slice(1).map((error) => error.name)).toContain("ModbusConnectError");
    await cable.plugIn();
    await pymodbusDevice(devicePath, "rtu");
    expect(await plc.readHoldingRegisters(2, 2)).toEqual([2, 3]);
  });
});
