import { describe, expect, it } from "vitest";
import { readFlags } from "../../src/launch/flags.ts";
import { LaunchError } from "../../src/launch/launch-error.ts";

describe("readFlags", () => {
  it("is the simulated heater on port 8080 when nothing is given", () => {
    expect(readFlags([])).toEqual({
      port: 8_080,
      heater: { kind: "simulated", simulation: { speed: 1, chaos: false } },
    });
  });

  it("takes port, speed and chaos", () => {
    expect(readFlags(["--port", "0", "--speed=2.5", "--chaos"])).toEqual({
      port: 0,
      heater: { kind: "simulated", simulation: { speed: 2.5, chaos: true } },
    });
  });

  it("takes a real heater", () => {
    expect(readFlags(["--modbus", "tcp://plc.local:1502?unit=2", "--port", "81"])).toEqual({
      port: 81,
      heater: { kind: "real", address: { host: "plc.local", port: 1_502, unitId: 2 } },
    });
  });

  it("is help when that is among them", () => {
    expect(readFlags(["--chaos", "--help"])).toBe("help");
  });

  it.each([
    ["--foo", "Unknown option '--foo'; --help lists the flags"],
    ["-p", "Unknown option '-p'; --help lists the flags"],
    ["8080", "Unexpected argument '8080'; --help lists the flags"],
    ["--port", "Option '--port <value>' argument missing; --help lists the flags"],
    ["--port --chaos", "Option '--port' argument is ambiguous; --help lists the flags"],
    ["--chaos=yes", "Option '--chaos' does not take an argument; --help lists the flags"],
    ["--port=", '--port must be an integer from 0 to 65535, got ""'],
    ["--port 65536", '--port must be an integer from 0 to 65535, got "65536"'],
    ["--port 8e3", '--port must be an integer from 0 to 65535, got "8e3"'],
    ["--port=-1", '--port must be an integer from 0 to 65535, got "-1"'],
    ["--speed 0.5", '--speed must be a number from 1 to 50, got "0.5"'],
    ["--speed 51", '--speed must be a number from 1 to 50, got "51"'],
    ["--speed fast", '--speed must be a number from 1 to 50, got "fast"'],
    ["--port 1 --port 2", "--port must be given once at most"],
    ["--chaos --chaos", "--chaos must be given once at most"],
    [
      "--modbus tcp://plc --chaos",
      "--chaos is for the simulated heater, and cannot go together with --modbus",
    ],
    [
      "--speed 2 --modbus tcp://plc",
      "--speed is for the simulated heater, and cannot go together with --modbus",
    ],
  ])("refuses %s in one line", (words, message) => {
    expect(() => readFlags(words.split(" "))).toThrow(new LaunchError(message));
  });
});
