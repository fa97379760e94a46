import { describe, expect, it } from "vitest";
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
    [{ host: "" }, RangeError, '`host` must be a string that is not empty, got ""'],
    [{ host: null }, TypeError, "`host` must be a string that is not empty, got null"],
    [{ port: 0 }, RangeError, "`port` must be an integer from 1 to 65535, got 0"],
    [{ port: "502" }, TypeError, '`port` must be an integer from 1 to 65535, got "502"'],
    [{ unitId: 248 }, RangeError, "`unitId` must be an integer from 0 to 247, or 255, got 248"],
    [{ unitId: 1n }, TypeError, "`unitId` must be an integer from 0 to 247, or 255, got 1n"],
    [
      { timeout: 0 },
      RangeError,
      "`timeout` must be milliseconds above 0 and up to 2147483647, got 0",
    ],
    [{ connectTimeout: [] }, TypeError, "`connectTimeout` must be milliseconds above 0"],
    [{ capacity: -1 }, RangeError, "`capacity` must be an integer from 0"],
    [{ failAfter: 0 }, RangeError, "`failAfter` must be an integer from 1"],
    [{ onRequest: {} }, TypeError, "`onRequest` must be a function, got an object"],
  ])("names the option, the rule and the value of %o", (options, type, message) => {
    const create = () => settingsOf("plc", { ...least, ...options });
    expect(create).toThrow(type);
    expect(create).toThrow(`Cannot create Modbus actor "plc": ${message}`);
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
