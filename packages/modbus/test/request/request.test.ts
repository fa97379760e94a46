import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  actionOf,
  maskWriteRegister,
  readBits,
  readRegisters,
  readWriteRegisters,
  writeCoil,
  writeCoils,
  writeRegister,
  writeRegisters,
} from "../../src/lib/request/request.ts";

const bits = (length: number) => Array.from({ length }, (_, index) => index % 3 === 0);
const words = (length: number) => Array.from({ length }, (_, index) => index);

/** Reads and writes of many, with the most that the specification lets one request have. */
const spans: [string, number, (address: number, quantity: number) => { quantity: number }][] = [
  ["readBits of coils", 2_000, (address, quantity) => readBits(1, 1, address, quantity)],
  ["readBits of discrete inputs", 2_000, (address, quantity) => readBits(2, 1, address, quantity)],
  ["readRegisters of holding", 125, (address, quantity) => readRegisters(3, 1, address, quantity)],
  ["readRegisters of input", 125, (address, quantity) => readRegisters(4, 1, address, quantity)],
  ["writeCoils", 1_968, (address, quantity) => writeCoils(1, address, bits(quantity))],
  ["writeRegisters", 123, (address, quantity) => writeRegisters(1, address, words(quantity))],
  [
    "readWriteRegisters, reading",
    125,
    (address, quantity) => readWriteRegisters(1, address, quantity, 0, [1]),
  ],
];

describe.each(spans)("%s", (_, most, request) => {
  it("takes 1 and the most that the specification allows", () => {
    expect(request(0, 1).quantity).toBe(1);
    expect(request(0, most).quantity).toBe(most);
  });

  it("throws a RangeError when the quantity is 0 or one too many", () => {
    expect(() => request(0, 0)).toThrow(RangeError);
    expect(() => request(0, most + 1)).toThrow(RangeError);
  });

  it("takes what ends at the last address, and no more", () => {
    expect(request(65_536 - most, most).quantity).toBe(most);
    expect(() => request(65_536 - most + 1, most)).toThrow(RangeError);
    expect(() => request(65_535, 2)).toThrow(/must end at 65535 or before, got 2 from 65535 on/);
  });

  it.each([-1, 65_536, 1.5, Number.NaN, Infinity])(
    "throws a RangeError for address %s",
    (address) => {
      expect(() => request(address, 1)).toThrow(RangeError);
    },
  );

  it.each(["0", null, undefined, 1n, [0]])("throws a TypeError for address %s", (address) => {
    expect(() => request(address as never, 1)).toThrow(TypeError);
  });
});

describe("readBits", () => {
  it.each([1.5, -1, Number.NaN, Infinity])("throws a RangeError for quantity %s", (quantity) => {
    expect(() => readBits(1, 1, 0, quantity)).toThrow(RangeError);
  });

  it("names the action, the value and the rule when it throws", () => {
    expect(() => readBits(1, 1, 0, 2_001)).toThrow(
      "Cannot read coils: `quantity` must be an integer from 1 to 2000, got 2001",
    );
    expect(() => readBits(2, 1, "7" as never, 1)).toThrow(
      'Cannot read discrete inputs: `address` must be an integer from 0 to 65535, got "7"',
    );
  });
});

describe("writeCoil", () => {
  it("takes only a boolean", () => {
    expect(writeCoil(1, 5, true)).toMatchObject({
      functionCode: 5,
      address: 5,
      quantity: 1,
      value: true,
    });
    for (const value of [1, 0, "true", undefined]) {
      expect(() => writeCoil(1, 5, value as never)).toThrow(TypeError);
    }
  });
});

describe("writeRegister", () => {
  it("takes 0 to 65535", () => {
    expect(writeRegister(1, 5, 65_535).value).toBe(65_535);
    for (const value of [-1, 65_536, 0.5, Number.NaN]) {
      expect(() => writeRegister(1, 5, value)).toThrow(RangeError);
    }
    expect(() => writeRegister(1, 5, "1" as never)).toThrow(TypeError);
  });
});

describe("writeRegisters", () => {
  it("names the value that is wrong", () => {
    expect(() => writeRegisters(1, 0, [1, 2, 70_000])).toThrow(
      "Cannot write registers: `values[2]` must be an integer from 0 to 65535, got 70000",
    );
    // oxlint-disable-next-line no-sparse-arrays -- a hole is what is tested
    expect(() => writeRegisters(1, 0, [1, , 3] as never)).toThrow(/`values\[1\]`.*got undefined/);
  });

  it("throws a TypeError when the values are no array", () => {
    expect(() => writeRegisters(1, 0, "123" as never)).toThrow(TypeError);
    expect(() => writeRegisters(1, 0, { length: 1, 0: 1 } as never)).toThrow(TypeError);
    expect(() => writeRegisters(1, 0, undefined as never)).toThrow(TypeError);
  });

  it("keeps what it was given when the caller changes its array later", () => {
    const values = [1, 2, 3];
    const request = writeRegisters(1, 0, values);
    values.fill(9);
    expect(request.values).toEqual([1, 2, 3]);
  });
});

describe("writeCoils", () => {
  it("names the value that is wrong", () => {
    expect(() => writeCoils(1, 0, [true, 1 as never])).toThrow(
      "Cannot write coils: `values[1]` must be a boolean, got 1",
    );
  });

  it("keeps what it was given when the caller changes its array later", () => {
    const values = [true, false];
    const request = writeCoils(1, 0, values);
    values.fill(true);
    expect(request.values).toEqual([true, false]);
  });
});

describe("maskWriteRegister", () => {
  it("takes masks of 0 to 65535", () => {
    expect(maskWriteRegister(1, 4, 0xf2, 0x25)).toMatchObject({
      functionCode: 22,
      andMask: 0xf2,
      orMask: 0x25,
    });
    expect(() => maskWriteRegister(1, 4, -1, 0)).toThrow(/`andMask`/);
    expect(() => maskWriteRegister(1, 4, 0, 65_536)).toThrow(/`orMask`/);
    expect(() => maskWriteRegister(1, 65_536, 0, 0)).toThrow(/`address`/);
  });
});

describe("readWriteRegisters", () => {
  it("takes 1 to 121 values to write, that end at the last address", () => {
    expect(readWriteRegisters(1, 0, 1, 65_536 - 121, words(121)).values).toHaveLength(121);
    expect(() => readWriteRegisters(1, 0, 1, 0, words(122))).toThrow(RangeError);
    expect(() => readWriteRegisters(1, 0, 1, 0, [])).toThrow(RangeError);
    expect(() => readWriteRegisters(1, 0, 1, 65_535, [1, 2])).toThrow(/`writeAddress`/);
    expect(() => readWriteRegisters(1, 65_535, 2, 0, [1])).toThrow(/`readAddress`/);
  });
});

describe("actionOf", () => {
  it("says what the request does, and where", () => {
    expect(actionOf(readRegisters(3, 7, 100, 2))).toBe(
      "read holding registers 100 to 101 of unit 7",
    );
    expect(actionOf(writeCoil(1, 5, true))).toBe("write coil 5 of unit 1");
  });
});

describe("every request", () => {
  it("is refused with a RangeError exactly when its numbers are outside the limits", () => {
    const number = fc.oneof(
      fc.integer({ min: -3, max: 66_000 }),
      fc.double(),
      fc.constantFrom(65_535, 65_536),
    );
    const quantities = fc.integer({ min: 0, max: 2_100 });
    fc.assert(
      fc.property(
        fc.constantFrom(...spans),
        number,
        quantities,
        ([, most, request], address, quantity) => {
          const isValid =
            Number.isInteger(address) &&
            address >= 0 &&
            address + quantity <= 65_536 &&
            quantity >= 1 &&
            quantity <= most;
          expect(outcomeOf(() => request(address, quantity).quantity)).toBe(
            isValid ? quantity : "RangeError",
          );
        },
      ),
    );
  });
});

function outcomeOf(act: () => number): number | string {
  try {
    return act();
  } catch (error) {
    return (error as Error).name;
  }
}
