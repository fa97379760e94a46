import { describe, expect, it } from "vitest";
import { parseDeviceAddress } from "../../src/launch/device-address.ts";
import { LaunchError } from "../../src/launch/launch-error.ts";

describe("parseDeviceAddress", () => {
  it.each([
    ["tcp://192.168.1.50", { host: "192.168.1.50", port: 502, units: { heater: 1 } }],
    ["tcp://plc-7.local:1502/", { host: "plc-7.local", port: 1_502, units: { heater: 1 } }],
    ["tcp://plc?unit=0", { host: "plc", port: 502, units: { heater: 0 } }],
    ["TCP://PLC:65535?unit=255", { host: "PLC", port: 65_535, units: { heater: 255 } }],
    ["tcp://[fe80::1]:502?unit=9", { host: "fe80::1", port: 502, units: { heater: 9 } }],
    ["tcp://plc?unit=3&meter=4", { host: "plc", port: 502, units: { heater: 3, meter: 4 } }],
    ["tcp://plc?meter=0", { host: "plc", port: 502, units: { heater: 1, meter: 0 } }],
    [
      "tcp://plc?supply=7&meter=2&unit=9&circulation=3",
      { host: "plc", port: 502, units: { heater: 9, meter: 2, circulation: 3, supply: 7 } },
    ],
  ])("takes %s", (text, address) => {
    expect(parseDeviceAddress(text)).toEqual(address);
  });

  it.each([
    "",
    "192.168.1.50:502",
    "plc:502",
    "tcp://",
    "tcp://:502",
    "tcp://a b",
    "tcp://::1:502",
    "tcp://user@plc",
    "tcp://plc:",
    "tcp://plc:5x",
    "tcp://plc/path",
    "tcp://plc?unit=",
    "tcp://plc?unit=1&unit=2",
    "tcp://plc?",
    "tcp://plc?unit=1&",
    "tcp://plc?&meter=2",
    "tcp://plc?unit=1meter=2",
    "tcp://plc?slave=1",
    "tcp://plc?heater=1",
    "tcp://plc#1",
    "udp://plc",
  ])("refuses %j", (text) => {
    expect(() => parseDeviceAddress(text)).toThrow(
      new LaunchError(
        `--modbus must be like tcp://192.168.1.50:502?unit=1&meter=2&circulation=3&supply=4, got "${text}"`,
      ),
    );
  });

  it.each([
    ["tcp://plc:0", '--modbus must have a port from 1 to 65535, got "0"'],
    ["tcp://plc:65536", '--modbus must have a port from 1 to 65535, got "65536"'],
    ["tcp://plc?meter=256", '--modbus must have a meter from 0 to 255, got "256"'],
    ["tcp://plc?supply=999", '--modbus must have a supply from 0 to 255, got "999"'],
    ["tcp://plc?meter=1", "--modbus must have another unit for each device, got 1 twice"],
    ["tcp://plc?meter=4&supply=4", "--modbus must have another unit for each device, got 4 twice"],
    ["tcp://plc?unit=256", '--modbus must have a unit from 0 to 255, got "256"'],
  ])("refuses %s, and names the limit", (text, message) => {
    expect(() => parseDeviceAddress(text)).toThrow(new LaunchError(message));
  });
});
