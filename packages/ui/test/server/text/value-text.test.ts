import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueText, valueType } from "../../../src/lib/server/text/value-text.ts";

function text(value: unknown, length = 2_048): unknown {
  return JSON.parse(valueText("value", value, { length }));
}

describe("valueText", () => {
  it.each([
    [true, true],
    [20.5, 20.5],
    [Number.NaN, "NaN"],
    [-Infinity, "-Infinity"],
    [12n, 12],
    [2n ** 70n, "1180591620717411303424n"],
    ["text", "text"],
    [null, null],
    [Symbol("mark"), "Symbol(mark)"],
    [() => 1, "[Function]"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "Invalid Date"],
    [/a+/, "[RegExp]"],
    [new TypeError("boom"), "[Error: boom]"],
    [Promise.resolve(1), "[Promise]"],
    [new Uint8Array(5), "[5 bytes]"],
    [new ArrayBuffer(5), "[ArrayBuffer]"],
    [new WeakMap(), "[Weak collection]"],
    [
      new Map<unknown, unknown>([
        ["a", 1],
        [{ b: 1 }, 2],
      ]),
      {
        "[Map]": [
          ["a", 1],
          [{ b: 1 }, 2],
        ],
      },
    ],
    [new Set([1, "a"]), { "[Set]": [1, "a"] }],
    [Object.assign([1], { 2: 3 }), [1, null, 3]],
    [{ a: undefined }, { a: "undefined" }],
  ])("writes %o as JSON can", (value, expected) => {
    expect(text(value)).toEqual(expected);
  });

  it("shows four levels", () => {
    expect(text({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({
      a: { b: { c: { d: "[Object]" } } },
    });
    expect(text([[[[[1, 2]]]]])).toEqual([[[["[Array(2)]"]]]]);
  });

  it("says where a value comes back to itself", () => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle["self"] = { cycle };
    expect(text(cycle)).toEqual({ a: 1, self: { cycle: "[Circular]" } });
  });

  it("shows what stands in two places twice", () => {
    const shared = { a: 1 };
    expect(text([shared, shared])).toEqual([shared, shared]);
  });

  it("runs nothing of the value", () => {
    const touched: string[] = [];
    const touch = (what: string) => () => {
      touched.push(what);
      throw new Error(what);
    };
    const trap = new Proxy(
      {},
      { get: touch("get"), ownKeys: touch("ownKeys"), getPrototypeOf: touch("prototype") },
    );
    const hostile = {
      get secretly() {
        return touch("getter")();
      },
      toJSON: touch("toJSON"),
      toString: touch("toString"),
      [Symbol.toPrimitive]: touch("toPrimitive"),
      get [Symbol.toStringTag]() {
        return touch("tag")();
      },
      trap,
      list: Object.defineProperty([1, 2], 1, { get: touch("element"), enumerable: true }),
    };
    expect(text(hostile)).toEqual({
      secretly: "[Getter]",
      toJSON: "[Function]",
      toString: "[Function]",
      trap: "[Proxy]",
      list: [1, "[Getter]"],
    });
    expect(text(trap)).toBe("[Proxy]");
    expect(touched).toEqual([]);
  });

  it("keeps a key that means something to objects as a key", () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as object;
    const shown = text(value) as Record<string, unknown>;
    expect(Object.keys(shown)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("is never longer than asked for, and looks at a bounded part of the value", () => {
    fc.assert(
      fc.property(
        fc.anything({
          maxDepth: 6,
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        fc.integer({ min: 10, max: 300 }),
        (value, length) => {
          expect(valueText("value", value, { length }).length).toBeLessThanOrEqual(length);
        },
      ),
      { numRuns: 1_000 },
    );
    let visited = 0;
    const counted = new Proxy({}, {});
    const many = Array.from({ length: 100_000 }, () => {
      visited++;
      return counted;
    });
    visited = 0;
    expect(valueText("value", many, { length: 200 })).toHaveLength(200);
    expect(visited).toBe(0);
    const long = valueText("value", "x".repeat(10_000_000), { length: 2_048 });
    expect(long).toBe(`"${"x".repeat(2_046)}…`);
  });

  it("looks at no more of a value than can be shown", () => {
    const wide = (depth: number): unknown =>
      depth === 0 ? 1 : Array.from({ length: 30 }, () => wide(depth - 1));
    let parts = 0;
    const redact = (): boolean => {
      parts++;
      return false;
    };
    valueText("value", wide(3), { length: 200, redact });
    expect(parts).toBeLessThanOrEqual(100);
    expect(parts).toBeGreaterThan(50);
  });

  it("cuts no character in two", () => {
    const emoji = valueText("value", "😀".repeat(200), { length: 101 });
    expect(Buffer.from(emoji).toString()).toBe(emoji);
    expect(emoji.endsWith("…")).toBe(true);
  });

  it("says how much is left out of a long list", () => {
    const list = text(Array.from({ length: 150 }, (_, index) => index)) as unknown[];
    expect(list).toHaveLength(101);
    expect(list.at(-1)).toBe("… 50 more");
    const record = text(
      Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`k${index}`, 1])),
    );
    expect((record as Record<string, unknown>)["…"]).toBe("50 more");
  });
});

describe("valueText, with what must not be shown", () => {
  it.each([
    "password",
    "userPassword",
    "PASSWD",
    "pwd",
    "passphrase",
    "apiKey",
    "api_key",
    "API-KEY",
    "accessKey",
    "privateKey",
    "token",
    "refreshToken",
    "secret",
    "clientSecret",
    "Authorization",
    "set-cookie",
    "credentials",
  ])("hides what the key %s has", (key) => {
    expect(text({ [key]: "hunter2", user: "ada" })).toEqual({ [key]: "[hidden]", user: "ada" });
    expect(text(new Map([[key, "hunter2"]]))).toEqual({ "[Map]": [[key, "[hidden]"]] });
  });

  it("hides a value whose own name looks like a secret", () => {
    expect(valueText("api-token", "hunter2", { length: 200 })).toBe('"[hidden]"');
  });

  it("asks `redact` for each part, by its path", () => {
    const paths: string[] = [];
    const redact = (path: readonly string[], value: unknown): boolean => {
      paths.push(path.join("."));
      return value === "DE89";
    };
    const shown = valueText(
      "account",
      { owner: { iban: "DE89" }, list: [1] },
      { length: 200, redact },
    );
    expect(JSON.parse(shown)).toEqual({ owner: { iban: "[hidden]" }, list: [1] });
    expect(paths).toEqual([
      "account",
      "account.owner",
      "account.owner.iban",
      "account.list",
      "account.list.0",
    ]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("boom");
      },
    ],
    ["returns a promise", async () => false],
    ["returns text", () => "no"],
  ])("hides the part when `redact` %s", (_, redact) => {
    expect(valueText("value", "hunter2", { length: 200, redact: redact as never })).toBe(
      '"[hidden]"',
    );
  });

  it("shows the part when `redact` returns nothing", () => {
    expect(valueText("value", 1, { length: 200, redact: (() => undefined) as never })).toBe("1");
  });
});

describe("valueType", () => {
  it.each([
    [undefined, "none"],
    [true, "boolean"],
    [1, "number"],
    [1n, "number"],
    ["a", "string"],
    [null, "json"],
    [{}, "json"],
    [[], "json"],
    [Symbol("a"), "json"],
  ])("of %o is %s", (value, type) => {
    expect(valueType(value)).toBe(type);
  });
});
