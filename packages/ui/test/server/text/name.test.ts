import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { givenNameOf, nameOf } from "../../../src/lib/server/text/name.ts";
import { visibleName } from "../../../src/lib/server/text/visible-name.ts";

describe("nameOf", () => {
  it.each([
    ["pump 1, höher", "pump 1, höher"],
    ["", "(no name)"],
    [" ", String.raw`\u0020`],
    ["   ", String.raw`\u0020\u0020\u0020`],
    ["pump ", String.raw`pump\u0020`],
    [" pump", String.raw`\u0020pump`],
    ["pump  1", String.raw`pump\u0020 1`],
    ["pump\u00A01", String.raw`pump\u00A01`],
    ["\u2003", String.raw`\u2003`],
    ["pump\u200B", String.raw`pump\u200B`],
    ["\u200E\u200F", String.raw`\u200E\u200F`],
    ["pump\u202E1", String.raw`pump\u202E1`],
    ["pump\u034F", String.raw`pump\u034F`],
    ["pump\u17B4", String.raw`pump\u17B4`],
    ["pump\uFE00", String.raw`pump\uFE00`],
    ["pump\u{E0101}", String.raw`pump\u{E0101}`],
    ["\u2800", String.raw`\u2800`],
    ["\u3164", String.raw`\u3164`],
    ["line\r\n2", String.raw`line\u000D\u000A2`],
    [String.raw`pump\u0020`, String.raw`pump\\u0020`],
    [String.raw`\\.\COM3`, String.raw`\\.\COM3`],
    [String.raw`C:\pump `, String.raw`C:\\pump\u0020`],
    ["❤️ 🚰", "❤️ 🚰"],
    ["עברית", "עברית"],
    ["温度", "温度"],
  ])("shows %j as %s", (name, shown) => {
    expect(nameOf({ name })).toBe(shown);
  });

  it("never shows two names alike, and none as if it were empty", () => {
    const part = fc.constantFrom(
      ..."a,b, ,u,\\,{,},0,2,E".split(","),
      "\u00A0",
      "\u200B",
      "\u202E",
      "\u2028",
      "\uFE0F",
      "\u{E0020}",
      "\\u0020",
      "❤",
    );
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(name, name, (one, other) => {
        const [shown, second] = [visibleName(one), visibleName(other)];
        expect(shown === second).toBe(one === other);
        // As a browser draws it, which makes one of many spaces.
        expect(shown.replace(/\s+/g, " ").trim()).toBe(shown);
        expect(shown).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves to machines the name as it was given", () => {
    expect(givenNameOf({ name: "pump\u200B " })).toBe("pump\u200B ");
  });
});
