import { describe, expect, it } from "vitest";
import type { ModbusActorOptions } from "../src/index.ts";
import { settingsOf } from "../src/lib/options.ts";
import { transportOf } from "../src/lib/transport/transport.ts";

const least = { transport: "tcp", host: "10.0.0.5" } as const;

describe("settingsOf", () => {
  it("fills in the defaults", () => {
    expect(settingsOf("plc", least)).toEqual({
      ...least,
      port: 502,
      unitId: 1,
      timeout: 1_000,
      connectTimeout: 5_000,
      capacity: 64,
      failAfter: 3,
      batch: false,
    });
  });

  it("takes an option that is undefined as one that is not there", () => {
    const settings = settingsOf("plc", { ...least, port: undefined, timeout: undefined });
    expect(settings).toEqual(settingsOf("plc", least));
  });

  it("fills in those of a serial line, with a quiet time of 3.5 characters", () => {
    expect(settingsOf("line", { transport: "rtu", path: "/dev/ttyUSB0" })).toMatchObject({
      path: "/dev/ttyUSB0",
      baudRate: 9_600,
      dataBits: 8,
      stopBits: 1,
      parity: "even",
      rs485: undefined,
      quietTime: expect.closeTo(4.0104, 4),
      turnaround: 100,
    });
  });

  it.each<[ModbusActorOptions, object]>([
    [{ transport: "rtu", path: "COM3", baudRate: 115_200 }, { quietTime: 1.75 }],
    [
      { transport: "ascii", path: "COM3", baudRate: 9_600, dataBits: 7 },
      { quietTime: expect.closeTo(3.6458, 4) },
    ],
    [{ transport: "rtu", path: "COM3", quietTime: 0 }, { quietTime: 0 }],
    [
      { transport: "rtu-over-tcp", host: "10.0.0.5" },
      { quietTime: 0, turnaround: 100, port: 502 },
    ],
    [{ transport: "udp", host: "10.0.0.5" }, { port: 502 }],
    [{ transport: "rtu", path: "COM3", rs485: { rtsDelay: 0 } }, { rs485: { rtsDelay: 0 } }],
  ])("makes of %o what belongs to it", (options, settings) => {
    expect(settingsOf("line", options)).toMatchObject(settings);
  });

  it.each<[object, ErrorConstructor, string]>([
    [{}, TypeError, "`path` must be a string that is not empty, got undefined"],
    [{ path: "/dev/ttyS0", dataBits: 7 }, RangeError, "`dataBits` must be 8, got 7"],
    [{ path: "/dev/ttyS0", transport: "ascii", dataBits: 6 }, RangeError, "must be 7 or 8, got 6"],
    [{ path: "/dev/ttyS0", stopBits: 3 }, RangeError, "`stopBits` must be 1 or 2, got 3"],
    [{ path: "/dev/ttyS0", baudRate: 0 }, RangeError, "`baudRate` must be an integer from 50"],
    [{ path: "/dev/ttyS0", parity: "mark" }, RangeError, '`parity` must be "none" or "even"'],
    [{ path: "/dev/ttyS0", quietTime: -1 }, RangeError, "`quietTime` must be milliseconds from 0"],
    [{ path: "/dev/ttyS0", turnaround: "1" }, TypeError, "`turnaround` must be milliseconds"],
    [{ path: "/dev/ttyS0", rs485: {} }, TypeError, "`rs485.rtsDelay` must be milliseconds"],
    [
      { path: "/dev/ttyS0", unitId: 255 },
      RangeError,
      "`unitId` must be an integer from 0 to 247, got 255",
    ],
    [
      { path: "/dev/ttyS0", host: "h" },
      TypeError,
      'Modbus actor "line" over rtu: unknown option `host`',
    ],
    [
      { transport: "tcp", host: "h", baudRate: 1 },
      TypeError,
      'Modbus actor "line" over tcp: unknown option `baudRate`',
    ],
    [
      { transport: "udp", host: "h", quietTime: 1 },
      TypeError,
      'Modbus actor "line" over udp: unknown option `quietTime`',
    ],
    [
      { transport: "rtu-over-tcp", host: "h", path: "p" },
      TypeError,
      "over rtu-over-tcp: unknown option `path`",
    ],
    [{ path: "/dev/ttyS0", retries: 3 }, TypeError, "unknown option `retries`"],
    [
      { path: "/dev/ttyS0", rs485: { rtsDelay: 1, delay: 1 } },
      TypeError,
      "unknown option `rs485.delay`",
    ],
    [{ transport: "rtu-over-tcp", host: "h", unitId: 255 }, RangeError, "`unitId`"],
    [{ path: "/dev/ttyS0", batch: 1 }, TypeError, "`batch` must be a boolean, got 1"],
  ])("refuses on a line what makes no sense: %o", (options, type, message) => {
    const create = () => settingsOf("line", { transport: "rtu", ...options } as never);
    expect(create).toThrow(type);
    expect(create).toThrow(message);
  });

  it.each([
    { port: 1 },
    { port: 65_535 },
    { unitId: 0 },
    { unitId: 247 },
    { unitId: 255 },
    { timeout: 0.5 },
    { timeout: 2_147_483_647 },
    { connectTimeout: 1 },
    { capacity: 0 },
    { failAfter: 1 },
  ])("takes what is just within the limits: %o", (options) => {
    expect(settingsOf("plc", { ...least, ...options })).toMatchObject(options);
  });

  it.each<[object, ErrorConstructor, string]>([
    [
      { transport: "can" },
      RangeError,
      '`transport` must be "tcp" or "rtu" or "ascii" or "rtu-over-tcp" or "udp", got "can"',
    ],
    [{ transport: 7 }, TypeError, "`transport` must be"],
    [{ unitId: 248 }, RangeError, "`unitId` must be an integer from 0 to 247, or 255, got 248"],
    [{ unitId: 1n }, TypeError, "`unitId` must be an integer from 0 to 247, or 255, got 1n"],
    [
      { timeout: 0 },
      RangeError,
      "`timeout` must be milliseconds above 0 and up to 2147483647, got 0",
    ],
    [{ connectTimeout: [] }, TypeError, "`connectTimeout` must be milliseconds above 0"],
    [{ capacity: -1 }, RangeError, "`capacity` must be an integer of 0 or more"],
    [{ failAfter: 0 }, RangeError, "`failAfter` must be an integer of 1 or more"],
    [{ onRequest: {} }, TypeError, "`onRequest` must be a function, got an object"],
  ])("names the option, the rule and the value of %o", (options, type, message) => {
    const create = () => settingsOf("plc", { ...least, ...options });
    expect(create).toThrow(type);
    expect(create).toThrow(`Cannot create Modbus actor "plc": ${message}`);
  });

  it.each<[object, ErrorConstructor, string]>([
    [{ host: "" }, RangeError, '`host` must be a string that is not empty, got ""'],
    [{ host: null }, TypeError, "`host` must be a string that is not empty, got null"],
    [{ port: 0 }, RangeError, "`port` must be an integer from 1 to 65535, got 0"],
    [{ port: "502" }, TypeError, '`port` must be an integer from 1 to 65535, got "502"'],
  ])("names the transport as well for %o", (options, type, message) => {
    const create = () => settingsOf("plc", { ...least, ...options });
    expect(create).toThrow(type);
    expect(create).toThrow(`Cannot create Modbus actor "plc" over tcp: ${message}`);
  });

  it("names what is wrong with a name or with no options at all", () => {
    expect(() => settingsOf("", least)).toThrow(
      'Cannot create Modbus actor: `name` must be a string that is not empty, got ""',
    );
    expect(() => settingsOf("plc", null as never)).toThrow(
      'Cannot create Modbus actor "plc": `options` must be an object, got null',
    );
  });
});

describe("transportOf", () => {
  it.each([
    ["plc.local", "plc.local:502"],
    ["10.0.0.5", "10.0.0.5:502"],
    ["fe80::1", "[fe80::1]:502"],
  ])("names the address of %s unambiguously", (host, address) => {
    expect(transportOf(settingsOf("plc", { ...least, host })).address).toBe(address);
  });
});
