import { describe, expect, it } from "vitest";
import { Check } from "../../src/adapter.ts";

type Act = (check: Check) => void;

const check = new Check("read registers");

describe("Check", () => {
  it.each<[string, Act]>([
    ["integers at both ends", (c) => [0, 65_535].forEach((n) => c.integer("n", n, 0, 65_535))],
    ["the largest integer", (c) => c.integer("n", Number.MAX_SAFE_INTEGER, 0)],
    ["a number that is not whole", (c) => c.number("n", 0.5, 0, 1)],
    ["infinity as a number", (c) => c.number("n", Infinity, 0)],
    ["delays at both ends", (c) => [0, 2_147_483_647].forEach((n) => c.delay("n", n))],
    ["timeouts at both ends", (c) => [0.001, 2_147_483_647].forEach((n) => c.timeout("n", n))],
    ["a timeout that is off", (c) => c.timeoutOrFalse("n", false)],
    ["a timeout that could be off", (c) => c.timeoutOrFalse("n", 1)],
    ["an empty string", (c) => c.string("s", "")],
    ["text", (c) => c.text("s", "a")],
    ["booleans", (c) => [true, false].forEach((b) => c.boolean("b", b))],
    ["an object", (c) => c.object("o", {})],
    ["an empty array", (c) => c.list("l", [])],
    ["an array at both ends", (c) => [[1], [1, 2]].forEach((l) => c.list("l", l, 1, 2))],
    ["a choice", (c) => c.choice("c", "even", ["even", "odd"])],
    ["a number as choice", (c) => c.choice("c", 2, [1, 2])],
    ["functions, and those that are not there", (c) => c.functions({ f() {}, g: undefined })],
    ["a signal, and none", (c) => [AbortSignal.abort(), undefined].forEach((s) => c.signal(s))],
    ["nothing else", (c) => c.nothingElse({})],
    ["a name without a value", (c) => c.nothingElse({ name: undefined } as never)],
  ])("takes %s", (_, act) => {
    expect(() => act(check)).not.toThrow();
  });

  it.each<[string, Act]>([
    ["`n` must be an integer from 1 to 9, got 10", (c) => c.integer("n", 10, 1, 9)],
    ["`n` must be an integer from 1 to 9, got 0", (c) => c.integer("n", 0, 1, 9)],
    ["`n` must be an integer of 0 or more, got 0.5", (c) => c.integer("n", 0.5, 0)],
    ["`n` must be an integer of 0 or more, got NaN", (c) => c.integer("n", NaN, 0)],
    ["`n` must be a number from 0 to 1, got 1.5", (c) => c.number("n", 1.5, 0, 1)],
    ["`n` must be a number of 1 or more, got NaN", (c) => c.number("n", NaN, 1)],
    ["`n` must be milliseconds from 0 to 2147483647, got -1", (c) => c.delay("n", -1)],
    ["`n` must be milliseconds from 1 to 9, got 10", (c) => c.delay("n", 10, 1, 9)],
    ["`n` must be milliseconds above 0 and up to 2147483647, got 0", (c) => c.timeout("n", 0)],
    [
      "`n` must be milliseconds above 0 and up to 2147483647, or false, got 2147483648",
      (c) => c.timeoutOrFalse("n", 2_147_483_648),
    ],
    ['`s` must be a string that is not empty, got ""', (c) => c.text("s", "")],
    ["`l` must hold 1 to 2 values, got 3", (c) => c.list("l", [1, 2, 3], 1, 2)],
    ["`l` must hold 1 values or more, got 0", (c) => c.list("l", [], 1)],
    ['`c` must be "even" or "odd", got "none"', (c) => c.choice("c", "none", ["even", "odd"])],
    ["`c` must be 1 or 2, got 3", (c) => c.choice("c", 3, [1, 2])],
    ["`s` must be short, got 7", (c) => c.refuse("s", "short", 7, "number")],
  ])("throws a RangeError: %s", (message, act) => {
    expect(() => act(check)).toThrow(RangeError);
    expect(() => act(check)).toThrow(new RangeError(`Cannot read registers: ${message}`));
  });

  it.each<[string, Act]>([
    ['`n` must be an integer from 1 to 9, got "5"', (c) => c.integer("n", "5", 1, 9)],
    ["`n` must be an integer of 0 or more, got 5n", (c) => c.integer("n", 5n, 0)],
    ["`n` must be a number of 0 or more, got null", (c) => c.number("n", null, 0)],
    [
      "`n` must be milliseconds from 0 to 2147483647, got undefined",
      (c) => c.delay("n", undefined),
    ],
    [
      "`n` must be milliseconds above 0 and up to 2147483647, got false",
      (c) => c.timeout("n", false),
    ],
    [
      "`n` must be milliseconds above 0 and up to 2147483647, or false, got true",
      (c) => c.timeoutOrFalse("n", true),
    ],
    ["`s` must be a string, got a function", (c) => c.string("s", String)],
    ["`s` must be a string that is not empty, got 7", (c) => c.text("s", 7)],
    ["`b` must be a boolean, got 1", (c) => c.boolean("b", 1)],
    ["`o` must be an object, got an array", (c) => c.object("o", [])],
    ["`o` must be an object, got null", (c) => c.object("o", null)],
    ["`l` must be an array, got an object", (c) => c.list("l", { length: 1 })],
    ['`c` must be "even" or "odd", got 1', (c) => c.choice("c", 1, ["even", "odd"])],
    ['`c` must be 1 or 2, got "1"', (c) => c.choice("c", "1", [1, 2])],
    ["`g` must be a function, got an object", (c) => c.functions({ f() {}, g: {} })],
    ["`signal` must be an AbortSignal, got an object", (c) => c.signal({ aborted: false })],
    ["`s` must be short, got 7", (c) => c.refuse("s", "short", 7)],
    ["unknown option `hearbeat`", (c) => c.nothingElse({ hearbeat: 1 } as never)],
    ["unknown option `retry.mn`", (c) => c.nothingElse({ mn: 1 } as never, "retry.")],
  ])("throws a TypeError: %s", (message, act) => {
    expect(() => act(check)).toThrow(TypeError);
    expect(() => act(check)).toThrow(new TypeError(`Cannot read registers: ${message}`));
  });

  it("shows no contents of what may hold a secret", () => {
    const secret = { toString: () => "secret", password: "secret" };
    for (const value of [secret, [secret], () => "secret"])
      expect(() => check.text("s", value)).not.toThrow(/secret/);
  });
});

describe("Check.creation", () => {
  it("names the kind and the actor", () => {
    const { action } = Check.creation("meter", 'the "hall"');
    expect(action).toBe('create meter "the \\"hall\\""');
  });

  it.each<[unknown, ErrorConstructor, string]>([
    ["", RangeError, 'got ""'],
    [undefined, TypeError, "got undefined"],
  ])("refuses %o as a name", (name, type, got) => {
    const create = () => Check.creation("meter", name);
    expect(create).toThrow(type);
    expect(create).toThrow(
      `Cannot create meter: \`name\` must be a string that is not empty, ${got}`,
    );
  });
});
