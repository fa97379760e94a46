import { describe, expect, it } from "vitest";
import { readFlags } from "../../src/launch/flags.ts";
import { LaunchError } from "../../src/launch/launch-error.ts";

const own = {
  port: 8_080,
  modbus: undefined,
  ws: undefined,
  sse: undefined,
  exec: undefined,
  speed: 1,
  chaos: false,
  calm: 7,
};

describe("readFlags", () => {
  it("is the demo's own counterparts and port 8080 when nothing is given", () => {
    expect(readFlags([])).toEqual(own);
  });

  it("takes port, speed, chaos and calm", () => {
    const flags = readFlags(["--port", "0", "--speed=2.5", "--chaos", "--calm=1.5"]);
    expect(flags).toEqual({ ...own, port: 0, speed: 2.5, chaos: true, calm: 1.5 });
  });

  it("takes a real heater", () => {
    const flags = readFlags(["--modbus", "tcp://plc.local:1502?unit=2", "--port", "81"]);
    const modbus = { host: "plc.local", port: 1_502, units: { heater: 2 } };
    expect(flags).toEqual({ ...own, port: 81, modbus });
  });

  it("takes another feed, another stream and another sidecar", () => {
    const flags = readFlags([
      "--ws=wss://prices.example/live?zone=1",
      "--sse=http://127.0.0.1:81/alarms",
      "--exec=tail -f temperature.log | grep -v '#'",
    ]);
    expect(flags).toEqual({
      ...own,
      ws: "wss://prices.example/live?zone=1",
      sse: "http://127.0.0.1:81/alarms",
      exec: "tail -f temperature.log | grep -v '#'",
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
    ["--chaos --calm 0", '--calm must be a number from 1 to 86400, got "0"'],
    ["--calm 3", "--calm is for --chaos alone"],
    ["--port 1 --port 2", "--port must be given once at most"],
    ["--chaos --chaos", "--chaos must be given once at most"],
    ["--exec=", '--exec must be a command, got ""'],
    [
      "--speed 2 --modbus tcp://plc",
      "--speed is for the simulated water, and cannot go together with --modbus",
    ],
  ])("refuses %s in one line", (words, message) => {
    expect(() => readFlags(words.split(" "))).toThrow(new LaunchError(message));
  });

  it.each(["", "prices.example", "http://prices.example", "ws://", "ws://prices.example/#1"])(
    "refuses --ws %j, and names the rule",
    (url) => {
      const rule = "a URL that begins with ws:// or wss:// and has no #";
      expect(() => readFlags(["--ws", url])).toThrow(
        new LaunchError(`--ws must be ${rule}, got "${url}"`),
      );
    },
  );

  it.each(["alarms.example:80", "ws://alarms.example", "https://"])(
    "refuses --sse %j, and names the rule",
    (url) => {
      const rule = "a URL that begins with http:// or https:// and has no #";
      expect(() => readFlags(["--sse", url])).toThrow(
        new LaunchError(`--sse must be ${rule}, got "${url}"`),
      );
    },
  );

  it.each([
    ["--modbus", "tcp://plc"],
    ["--ws", "ws://prices.example"],
    ["--sse", "http://alarms.example"],
    ["--exec", "cat"],
  ])("refuses --chaos together with %s", (flag, value) => {
    const rule = "--chaos is for the demo's own counterparts, and cannot go together with";
    expect(() => readFlags(["--chaos", flag, value])).toThrow(new LaunchError(`${rule} ${flag}`));
  });
});
