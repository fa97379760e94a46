import { describe, expect, it } from "vitest";
import { replaceBetweenMarkers } from "../lib/readme.ts";

describe("replaceBetweenMarkers", () => {
  const text =
    "before\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nafter\n<!-- bench:b --><!-- /bench:b -->\n";

  it("replaces what stood there and nothing else", () => {
    expect(replaceBetweenMarkers(text, "bench:a", "new")).toBe(
      "before\n<!-- bench:a -->\n\nnew\n\n<!-- /bench:a -->\nafter\n<!-- bench:b --><!-- /bench:b -->\n",
    );
  });

  it("gives the same text when it is done twice", () => {
    const once = replaceBetweenMarkers(text, "bench:b", "new");

    expect(replaceBetweenMarkers(once, "bench:b", "new")).toBe(once);
  });

  it("refuses a name that has no markers", () => {
    expect(() => replaceBetweenMarkers(text, "bench:c", "new")).toThrow(
      'Cannot write "bench:c": no',
    );
  });
});
