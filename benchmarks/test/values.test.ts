import { describe, expect, it } from "vitest";
import { checkSum, valueAt } from "../lib/values.ts";

describe("checkSum", () => {
  it.each([0, 1, 7, 8, 9, 1_000, 12_345])("accepts the sum of %i messages", (count) => {
    let sum = 0;
    for (let index = 0; index < count; index += 1) sum += valueAt(index);

    expect(() => checkSum(sum, count)).not.toThrow();
    expect(() => checkSum(sum + 1, count)).toThrow("Cannot accept the result");
  });
});
