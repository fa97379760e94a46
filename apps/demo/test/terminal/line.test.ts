import { describe, expect, it } from "vitest";
import { lineOf } from "../../src/terminal/line.ts";

const time = new Date(2026, 0, 2, 3, 4, 5, 67);
const plain = (_: unknown, text: string): string => text;
const marked = (part: string, text: string): string => `<${part}>${text}</>`;

describe("lineOf", () => {
  it("aligns time, level, name and message", () => {
    const line = lineOf(
      { time, level: "info", bindings: { actor: "http" }, message: "ready" },
      plain,
    );
    expect(line).toBe("03:04:05.067 info  http                ready");
  });

  it("names the supervisor where no actor is meant", () => {
    const bindings = { supervisor: "device", actor: undefined };
    expect(lineOf({ time, level: "warn", bindings, message: "stopping" }, plain)).toBe(
      "03:04:05.067 warn  device              stopping",
    );
  });

  it("tells other values, and the reason last", () => {
    const bindings = {
      actor: "modbus",
      error: new Error("gone"),
      unit: 1,
      delay: undefined,
      reason: "",
      took: 2.5012,
      at: "a:5",
      of: [1],
    };
    expect(lineOf({ time, level: "error", bindings, message: "failed" }, plain)).toBe(
      "03:04:05.067 error modbus              failed unit=1 took=2.5 at=a:5 of=[1]: gone",
    );
  });

  it("stays on one line", () => {
    const bindings = { actor: "x", error: new Error("first\r\n  second") };
    expect(lineOf({ time, level: "error", bindings, message: "failed" }, plain)).toBe(
      "03:04:05.067 error x                   failed: first second",
    );
  });

  it("paints time, level, name and message, but not the reason", () => {
    const bindings = { actor: "thermostat", error: "off" };
    expect(lineOf({ time, level: "warn", bindings, message: "failed" }, marked)).toBe(
      "<time>03:04:05.067</> <warn>warn </> <name>thermostat         </> <warn>failed</>: off",
    );
  });
});
