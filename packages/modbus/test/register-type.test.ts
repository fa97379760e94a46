import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bits,
  float32,
  float64,
  int16,
  int32,
  int64,
  type RegisterOrder,
  type RegisterType,
  string,
  uint16,
  uint32,
  uint64,
} from "../src/index.ts";

const orders: RegisterOrder[] = [
  {},
  { wordOrder: "little" },
  { byteOrder: "little" },
  { wordOrder: "little", byteOrder: "little" },
];

/** Values of `type`s, in every order of words and bytes, with what they are after they were registers. */
function returned<Value>(
  create: (order: RegisterOrder) => RegisterType<Value>,
  values: fc.Arbitrary<Value>,
): fc.Arbitrary<{ value: Value; back: Value; areWords: boolean }> {
  return fc.tuple(values, fc.constantFrom(...orders)).map(([value, order]) => {
    const type = create(order);
    const registers = type.encode(value);
    const areWords = registers.every((register) => register === (register & 0xffff));
    return { value, back: type.decode(registers), areWords };
  });
}

describe.each<[string, unknown, number[], unknown]>([
  ["int16", int16(), [0xfffe], -2],
  ["uint16", uint16(), [0xfffe], 65_534],
  ["uint16 of little bytes", uint16({ byteOrder: "little" }), [0x1234], 0x3412],
  ["int32", int32(), [0xffff, 0xfffe], -2],
  ["int32 of little words", int32({ wordOrder: "little" }), [0xfffe, 0xffff], -2],
  ["uint32", uint32(), [0x1234, 0x5678], 0x12345678],
  ["uint32 of little words", uint32({ wordOrder: "little" }), [0x1234, 0x5678], 0x56781234],
  ["uint32 of little bytes", uint32({ byteOrder: "little" }), [0x1234, 0x5678], 0x34127856],
  [
    "uint32 of both",
    uint32({ wordOrder: "little", byteOrder: "little" }),
    [0x1234, 0x5678],
    0x78563412,
  ],
  ["int64", int64(), [0xffff, 0xffff, 0xffff, 0xfffb], -5n],
  ["uint64", uint64(), [0x0123, 0x4567, 0x89ab, 0xcdef], 0x0123456789abcdefn],
  [
    "uint64 of little words",
    uint64({ wordOrder: "little" }),
    [0x0123, 0x4567, 0x89ab, 0xcdef],
    0xcdef89ab45670123n,
  ],
  ["float32", float32(), [0x41ac, 0x0000], 21.5],
  ["float32 of little words", float32({ wordOrder: "little" }), [0x0000, 0x41ac], 21.5],
  ["float64", float64(), [0x4035, 0x8000, 0, 0], 21.5],
  ["bits(3)", bits(3), [0b110], [false, true, true]],
  [
    "bits(17), the last of them in the first register",
    bits(17),
    [1, 2],
    [false, true, ...Array(14).fill(false), true],
  ],
  [
    "bits(17) of little words",
    bits(17, { wordOrder: "little" }),
    [2, 1],
    [false, true, ...Array(14).fill(false), true],
  ],
  ["string(3)", string(3), [0x4142, 0x4300, 0], "ABC"],
  ["string(2) of little bytes", string(2, { byteOrder: "little" }), [0x4142, 0x0043], "BAC"],
  ["string(1) of Latin 1", string(1, { encoding: "latin1" }), [0xb043], "°C"],
])("%s", (_, described, registers, value) => {
  const type = described as RegisterType<unknown>;

  it("decodes what the registers hold", () => {
    expect(type.decode(registers)).toEqual(value);
  });

  it("encodes it back", () => {
    expect(type.encode(value)).toEqual(registers);
  });
});

describe("register types", () => {
  it("give back any value that they take, in any order", () => {
    const flags = fc.array(fc.boolean(), { minLength: 37, maxLength: 37 });
    const text = fc.string({ maxLength: 40, unit: "grapheme-ascii" });
    const any = fc.oneof<fc.Arbitrary<{ value: unknown; back: unknown; areWords: boolean }>[]>(
      returned(int16, fc.integer({ min: -0x8000, max: 0x7fff })),
      returned(uint16, fc.nat(0xffff)),
      returned(int32, fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })),
      returned(uint32, fc.nat(0xffff_ffff)),
      returned(int64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      returned(uint64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
      returned(float32, fc.float()),
      returned(float64, fc.double()),
      returned((order) => bits(37, order), flags),
      returned(({ byteOrder }) => string(20, { byteOrder }), text),
    );
    fc.assert(
      fc.property(any, ({ value, back, areWords }) => {
        expect(back).toEqual(value);
        expect(areWords).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("keep a NUL inside of a text, and cut those at its end", () => {
    expect(string(3).decode([0x4100, 0x4200, 0])).toBe("A\0B");
    expect(string(2).decode([0, 0])).toBe("");
  });

  it("read what is above the bits that were asked for as nothing", () => {
    expect(bits(2).decode([0xffff])).toEqual([true, true]);
  });

  it.each<[string, () => unknown, ErrorConstructor, string]>([
    ["int16 too large", () => int16().encode(32_768), RangeError, "Cannot encode int16: `value`"],
    ["uint16 below 0", () => uint16().encode(-1), RangeError, "from 0 to 65535, got -1"],
    ["uint32 with a fraction", () => uint32().encode(1.5), RangeError, "got 1.5"],
    ["int32 as text", () => int32().encode("1" as never), TypeError, 'got "1"'],
    ["uint64 as number", () => uint64().encode(1 as never), TypeError, "a bigint from 0 to"],
    ["int64 too large", () => int64().encode(2n ** 63n), RangeError, "a bigint from"],
    ["float32 too large", () => float32().encode(1e39), RangeError, "must fit, got 1e+39"],
    ["float64 as text", () => float64().encode("1" as never), TypeError, "a number"],
    ["bits too few", () => bits(3).encode([true]), RangeError, "3 to 3 values, got 1"],
    ["bits as numbers", () => bits(1).encode([1 as never]), TypeError, "`value[0]`"],
    ["text too long", () => string(1).encode("ABC"), RangeError, "2 bytes at most, got 3"],
    [
      "text that the encoding has not",
      () => string(2, { encoding: "latin1" }).encode("€"),
      RangeError,
      "characters that latin1 has not",
    ],
    ["text as number", () => string(1).encode(5 as never), TypeError, "a string"],
    ["no bits", () => bits(0), RangeError, "Cannot describe bits: `count`"],
    ["a text of no registers", () => string(0), RangeError, "`registers` must be"],
    ["another order", () => int16({ wordOrder: "middle" as never }), RangeError, "`wordOrder`"],
    ["too few registers", () => float32().decode([1]), RangeError, "2 to 2 values, got 1"],
  ])("refuse %s", (_, act, type, message) => {
    expect(act).toThrow(type);
    expect(act).toThrow(message);
  });
});
