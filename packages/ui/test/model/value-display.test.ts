import { describe, expect, it } from "vitest";
import { bareText, valueDisplay } from "../../src/lib/model/value-display.ts";
import { valueText, valueType } from "../../src/lib/server/text/value-text.ts";

/** A value as it travels. */
function told(value: unknown): Parameters<typeof valueDisplay>[0] {
  if (value === undefined) return { type: "none" };
  return { type: valueType(value), text: valueText("value", value, { length: 200 }) };
}

describe("valueDisplay", () => {
  it.each([
    [1_234_567, "1,234,567"],
    [123_456_789.123, "123,456,789"],
    [Number.MAX_SAFE_INTEGER, "9,007,199,254,740,991"],
    [-Infinity, "-Infinity"],
    [Number.NaN, "NaN"],
    [12n, "12"],
    [12_345_678_901_234_567_890n, "12345678901234567890n"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Error("boom"), "[Error: boom]"],
    [true, "true"],
    ["text", '"text"'],
    [null, "null"],
    [{ a: 1 }, '{"a":1}'],
    [undefined, "—"],
  ])("shows %s as itself", (value, text) => {
    expect(valueDisplay(told(value))).toBe(text);
  });

  it("shows the begin of what was cut", () => {
    expect(valueDisplay(told(10n ** 300n))).toMatch(/^10+…$/);
  });
});

describe("bareText", () => {
  it("has all digits of a number", () => {
    expect(bareText(told(123_456_789.123))).toBe("123456789.123");
    expect(bareText(told(Infinity))).toBe("Infinity");
  });
});
