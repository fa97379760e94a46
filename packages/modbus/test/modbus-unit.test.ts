import { describe, expect, it } from "vitest";
import {
  float32,
  ModbusActor,
  ModbusExceptionError,
  ModbusFrameError,
  uint16,
} from "../src/index.ts";
import { wellBehaved } from "./servers/scripted-device.ts";
import { device, failure, supervised } from "./supervised.ts";

describe("ModbusActor.unit", () => {
  it("sends to its unit, in turn with all others of the connection", async () => {
    const plant = await device(wellBehaved);
    const { plc } = supervised(plant.port);
    const [meter, drive] = [plc.unit(7), plc.unit(8)];
    expect([plc.unitId, meter.unitId]).toEqual([1, 7]);
    const answers = await Promise.all([
      meter.readHoldingRegisters(1, 1),
      drive.readHoldingRegisters(2, 1),
      plc.readHoldingRegisters(3, 1),
      meter.writeRegister(4, 5),
    ]);
    expect(answers).toEqual([[1], [2], [3], undefined]);
    expect(plant.requests.map((request) => request.slice(0, 8))).toEqual([
      "07030001",
      "08030002",
      "01030003",
      "07060004",
    ]);
    expect(plant.connections).toBe(1);
  });

  it("refuses what can be no unit of the transport", () => {
    const plc = new ModbusActor("plc", { transport: "tcp", host: "h" });
    const line = new ModbusActor("line", { transport: "rtu", path: "p" });
    expect(plc.unit(255).unitId).toBe(255);
    expect(() => line.unit(255)).toThrow(RangeError);
    expect(() => plc.unit(248)).toThrow(
      'Cannot reach a unit over Modbus actor "plc": `unitId` must be an integer from 0 to 247, or 255, got 248',
    );
    expect(() => plc.unit("7" as never)).toThrow(TypeError);
  });

  it("refuses to read from all units of a line, before anything is queued", async () => {
    const line = new ModbusActor("line", { transport: "rtu", path: "p" });
    const all = line.unit(0);
    const reads = [
      all.readCoils(0, 1),
      all.readHoldingRegisters(0, 1),
      all.readWriteRegisters(0, 1, 0, [1]),
      all.reportServerId(),
      all.readDeviceIdentification(),
      all.read(0, uint16()),
    ];
    for (const read of reads) {
      const error = await failure(read);
      expect(error).toBeInstanceOf(RangeError);
      expect(error.message).toContain("unit 0 is all units of the line");
    }
    expect(line.mailbox.length).toBe(0);
  });
});

describe("ModbusActor.read", () => {
  it("reads holding or input registers, as many as the type takes", async () => {
    const plant = await device(({ answer, message }) =>
      answer(`01 ${message.toString("hex", 1, 2)} 04 41ac 0000`),
    );
    const { plc } = supervised(plant.port);
    expect(await plc.read(100, float32())).toBe(21.5);
    expect(await plc.read(100, float32(), { registers: "input", timeout: 1_000 })).toBe(21.5);
    expect(plant.requests).toEqual(["010300640002", "010400640002"]);
    const wrong = await failure(plc.read(100, float32(), { registers: "coils" as never }));
    expect(wrong).toBeInstanceOf(RangeError);
  });

  it("may fail unheard", async () => {
    const plant = await device(({ answer, message }) =>
      answer(`01 ${(message[1]! | 0x80).toString(16)} 02`),
    );
    const { plc } = supervised(plant.port);
    void plc.read(100, float32());
    void plc.readDeviceIdentification();
    expect(await failure(plc.read(100, float32()))).toBeInstanceOf(ModbusExceptionError);
  });
});

describe("ModbusActor.write", () => {
  it("writes one register with function 6, more with 16, and nothing that does not fit", async () => {
    const plant = await device(wellBehaved);
    const { plc } = supervised(plant.port);
    await plc.write(5, uint16(), 42);
    await plc.write(6, float32(), 21.5);
    expect(await failure(plc.write(5, uint16(), -1))).toBeInstanceOf(RangeError);
    expect(plant.requests).toEqual(["01060005002a", "0110000600020441ac0000"]);
  });

  it("refuses registers that cannot be written, before anything is queued", async () => {
    const plc = new ModbusActor("plc", { transport: "tcp", host: "h" });
    // @ts-expect-error -- input registers can only be read
    const wrong = await failure(plc.write(5, uint16(), 42, { registers: "input" }));
    expect(wrong).toBeInstanceOf(RangeError);
    expect(wrong.message).toBe(
      'Cannot write uint16: `registers` must be "holding", as no others can be written, got "input"',
    );
    expect(await failure(plc.write(5, uint16(), 42, { registers: 3 as never }))).toBeInstanceOf(
      TypeError,
    );
    expect(plc.mailbox.length).toBe(0);
    void plc.write(5, uint16(), 42, { registers: "holding" });
    expect(plc.mailbox.length).toBe(1);
  });
});

describe("ModbusActor.readDeviceIdentification", () => {
  it("goes on until there is no more", async () => {
    const pages: Record<string, string> = {
      "012b0e0100": "01 2b 0e 01 01 ff 01 01 00 01 61",
      "012b0e0101": "01 2b 0e 01 01 ff 02 01 01 01 62",
      "012b0e0102": "01 2b 0e 01 01 00 00 01 02 01 63",
    };
    const plant = await device(({ message, answer }) => answer(pages[message.toString("hex")]!));
    const { plc } = supervised(plant.port);
    expect(await plc.readDeviceIdentification()).toEqual({
      conformityLevel: 1,
      objects: { 0: "a", 1: "b", 2: "c" },
    });
    expect(plant.requests).toEqual(Object.keys(pages));
  });

  it.each([
    ["refuses the next page", "01 ab 04", "MODBUS_EXCEPTION"],
    ["goes in circles", "01 2b 0e 01 01 ff 01 01 01 01 62", "MODBUS_FRAME"],
  ])("rejects when the device %s, and the actor lives", async (_, second, code) => {
    const plant = await device(({ answer }) =>
      answer(plant.requests.length === 1 ? "01 2b 0e 01 01 ff 01 01 00 01 61" : second),
    );
    const { plc, crashes } = supervised(plant.port);
    expect(await failure(plc.readDeviceIdentification())).toMatchObject({ code });
    expect(crashes).toEqual([]);
  });

  it("rejects when the next page never comes", async () => {
    const plant = await device(({ answer }) => {
      if (plant.requests.length === 1) answer("01 2b 0e 01 01 ff 01 01 00 01 61");
    });
    const { plc } = supervised(plant.port, { timeout: 20 });
    expect(await failure(plc.readDeviceIdentification())).toMatchObject({ code: "MODBUS_TIMEOUT" });
  });

  it("asks once for one object, whatever the device says of more", async () => {
    const plant = await device(({ answer }) => answer("01 2b 0e 04 83 ff 06 01 05 01 78"));
    const { plc } = supervised(plant.port);
    expect(await plc.readDeviceIdentification(4, 5)).toEqual({
      conformityLevel: 0x83,
      objects: { 5: "x" },
    });
    expect(plant.requests).toHaveLength(1);
  });
});

describe("ModbusActor.request", () => {
  it("resolves to the bytes of any function's answer, or rejects with its exception", async () => {
    const plant = await device(({ answer, message }) =>
      answer(message[1] === 100 ? "01 64 0102" : "01 e5 01"),
    );
    const { plc } = supervised(plant.port);
    expect(await plc.request(100, [7])).toEqual(Buffer.of(1, 2));
    expect(await failure(plc.request(101, []))).toMatchObject({
      exceptionCode: 1,
      message: `Cannot request function 101 of unit 1 at 127.0.0.1:${plant.port}: the device answered illegal function (exception 1)`,
    });
    expect(plant.requests).toEqual(["016407", "0165"]);
  });

  it("has the other functions' answers checked as well", async () => {
    const plant = await device(({ answer, message }) =>
      answer(message[1] === 24 ? "01 18 0006 0001 01b81284" : "01 15 09 06 0004 0007 0001 06ae"),
    );
    const { plc } = supervised(plant.port);
    const record = { file: 4, record: 7, values: [0x06af] };
    expect(await failure(plc.writeFileRecords([record]))).toBeInstanceOf(ModbusFrameError);
    expect(await failure(plc.readFifoQueue(5))).toBeInstanceOf(ModbusFrameError);
  });
});
