import { describe, expect, it } from "vitest";
import { priceIn } from "../../src/market/price-in.ts";

describe("priceIn", () => {
  it.each([
    ["0.31", 0.31],
    ["-5e-2", -0.05],
    ['{"price":0.31,"at":1}', 0.31],
    ['{"price":0}', 0],
  ])("finds the number in %s", (message, price) => {
    expect(priceIn(message)).toBe(price);
  });

  it.each(["", "dear", '"0.31"', '{"price":"0.31"}', "{}", "null", "true", "[0.31]", '{"price":'])(
    "finds none in %j",
    (message) => {
      expect(priceIn(message)).toBeNaN();
    },
  );
});
