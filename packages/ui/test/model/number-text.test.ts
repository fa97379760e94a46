import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberText } from "../../src/lib/model/number-text.ts";

describe("numberText", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [-1_234_567, "-1,234,567"],
    [Number.MAX_SAFE_INTEGER, "9,007,199,254,740,991"],
    [2 ** 70, "1.18059e21"],
    [1e21, "1e21"],
    [123_456_789.123, "123,456,789"],
    [123_456.789, "123,457"],
    [12_345.678, "12,345.7"],
    [20.5, "20.5"],
    [20.123456, "20.1235"],
    [99.9999999, "100.0000"],
    [-0.5, "-0.5"],
    [0.1 + 0.2, "0.3"],
    [0.00042, "0.00042"],
    [0.000042, "4.2e-5"],
    [-1.23456789e-7, "-1.23457e-7"],
    [1e-300, "1e-300"],
    [Number.MIN_VALUE, "4.94066e-324"],
    [Infinity, "Infinity"],
    [-Infinity, "-Infinity"],
    [Number.NaN, "NaN"],
  ])("writes %d as %s", (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it("is within half a unit of its last digit, whatever the number", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(finite), fc.double({ ...finite, min: -1e9, max: 1e9 })),
        (value) => {
          const text = numberText(value).replaceAll(",", "");
          // What is no more than noise of a calculation is left out.
          const noise = Math.abs(value) * 1e-15;
          expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(unitOf(text) / 2 + noise);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("has all digits of the integer part", () => {
    fc.assert(
      fc.property(fc.double({ ...finite, min: 1, max: Number.MAX_SAFE_INTEGER }), (value) => {
        const [whole = ""] = numberText(value).replaceAll(",", "").split(".");
        expect(Math.abs(Number(whole) - value)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

const finite = { noNaN: true, noDefaultInfinity: true } as const;

/** What a one in the place of the last digit would be. */
function unitOf(text: string): number {
  const [digits = "", exponent = "0"] = text.split("e");
  const decimals = digits.split(".")[1]?.length ?? 0;
  return Number(`1e${Number(exponent) - decimals}`);
}
