import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAddress, writeAddress, emptyAddress } from "../../../src/page/model/address.ts";
import { formatBytes, formatCount, formatRate, plural } from "../../../src/page/model/numbers.ts";
import { visibleText } from "../../../src/lib/model/visible-text.ts";
import { middleCut } from "../../../src/lib/model/middle-cut.ts";
import { shownText } from "../../../src/page/model/visible-text.ts";

describe("visibleText", () => {
  it.each([
    ["pump 1, höher", "pump 1, höher"],
    ["a\u202Egnp.exe", "a\\u202Egnp.exe"],
    ["red\u001B[31m", "red\\u001B[31m"],
    ["a\nb\tc\0", "a\\u000Ab\\u0009c\\u0000"],
    ["zero\u200Bwidth\uFEFF", "zero\\u200Bwidth\\uFEFF"],
    ["\u{E0041}tag", "\\u{E0041}tag"],
    ["half \uD800 pair", "half \\uD800 pair"],
    ["温度 ⚡ 🚰", "温度 ⚡ 🚰"],
    ["עברית", "עברית"],
  ])("writes %j as %j", (text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });
});

describe("middleCut", () => {
  it("keeps both ends of what is too long", () => {
    expect(middleCut("abcdefghij", 7)).toBe("abc…hij");
    expect(middleCut("abcdefghij", 10)).toBe("abcdefghij");
  });

  it("never leaves half a pair, and never more than asked for", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 3, max: 40 }),
        (text, most) => {
          const cut = middleCut(text, most);
          expect(cut.length).toBeLessThanOrEqual(most);
          expect(isWhole(cut)).toBe(isWhole(text));
        },
      ),
    );
  });
});

describe("shownText", () => {
  it("shows a name of 10 kB in a hundred characters", () => {
    expect(shownText(`first${"x".repeat(10_000)}last`, 100)).toMatch(/^firstx{44,45}…x{45}last$/);
  });
});

describe("formatCount", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_000, "1,000"],
    [9_999, "9,999"],
    [12_345, "12.3k"],
    [999_499, "999k"],
    [999_500, "1M"],
    [1_234_567, "1.2M"],
    [2_000_000_000, "2G"],
  ])("writes %d as %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});

describe("formatRate", () => {
  it.each([
    [0, "0"],
    [0.01, "<0.1"],
    [0.5, "0.5"],
    [2, "2"],
    [9.97, "10"],
    [4_312, "4,312"],
  ])("writes %d as %s", (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });
});

describe("formatBytes", () => {
  it.each([
    [12, "12 B"],
    [1_500, "1.5 kB"],
    [1_234_567, "1.2 MB"],
  ])("writes %d as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("plural", () => {
  it("counts one, and others", () => {
    expect([plural(0, "actor"), plural(1, "actor"), plural(1_200, "actor")]).toEqual([
      "0 actors",
      "1 actor",
      "1,200 actors",
    ]);
  });
});

describe("readAddress", () => {
  it("reads what writeAddress wrote, whatever names there are", () => {
    const name = fc.string({ minLength: 1 });
    const address = fc.record({
      search: fc.string(),
      sort: fc.option(
        fc.record({
          key: fc.constantFrom("name", "mailbox", "rate" as const),
          descending: fc.boolean(),
        }),
        { nil: undefined },
      ),
      actor: fc.option(fc.array(name, { minLength: 1 }), { nil: undefined }),
      value: fc.option(name, { nil: undefined }),
      panel: fc.constantFrom("tree", "values", "events" as const),
      events: fc.string(),
    });
    fc.assert(
      fc.property(address, (of) => {
        fc.pre(isWhole(JSON.stringify(of)));
        expect(readAddress(writeAddress(of))).toEqual(of);
      }),
    );
  });

  it("reads nothing of what it does not understand", () => {
    expect(readAddress("#sort=-colour&panel=none&other=1")).toEqual(emptyAddress);
    expect(writeAddress(emptyAddress)).toBe("");
  });

  it("is one that people can read and write", () => {
    expect(
      writeAddress({ ...emptyAddress, search: "state:failed", actor: ["plant", "pump"] }),
    ).toBe("#q=state:failed&actor=plant/pump");
  });
});

/** Whether there is no half of a surrogate pair in it. */
function isWhole(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
