import { Check } from "@sup/core/adapter";

/** How registers hold a value: what `read` and `write` are given. */
export interface RegisterType<Value> {
  /** For error messages, as in "float32". */
  readonly name: string;
  /** How many registers a value takes. */
  readonly registers: number;
  /** The value of exactly so many registers. */
  readonly decode: (registers: readonly number[]) => Value;
  /**
   * The registers of `value`, exactly so many.
   * @throws TypeError or RangeError when `value` does not fit.
   */
  readonly encode: (value: Value) => number[];
}

/** In which order the parts of a value come. */
export interface RegisterOrder {
  /**
   * `"big"`: the register with the most significant bits comes first.
   * @defaultValue "big"
   */
  readonly wordOrder?: "big" | "little" | undefined;
  /**
   * `"big"`: in each register the more significant byte comes first, as the protocol has it.
   * @defaultValue "big"
   */
  readonly byteOrder?: "big" | "little" | undefined;
}

/**
 * A signed integer of 16 bits.
 * @throws {TypeError | RangeError} when `order` has what is no order
 */
export function int16(order?: RegisterOrder): RegisterType<number> {
  return integer("int16", 1, order, -0x8000, 0x7fff, Buffer.prototype.readInt16BE);
}

/**
 * An unsigned integer of 16 bits.
 * @throws {TypeError | RangeError} when `order` has what is no order
 */
export function uint16(order?: RegisterOrder): RegisterType<number> {
  return integer("uint16", 1, order, 0, 0xffff, Buffer.prototype.readUInt16BE);
}

/**
 * A signed integer of 32 bits.
 * @throws {TypeError | RangeError} when `order` has what is no order
 */
export function int32(order?: RegisterOrder): RegisterType<number> {
  return integer("int32", 2, order, -0x8000_0000, 0x7fff_ffff, Buffer.prototype.readInt32BE);
}

/**
 * An unsigned integer of 32 bits.
 * @throws {TypeError | RangeError} when `order` has what is no order
 */
export function uint32(order?: RegisterOrder): RegisterType<number> {
  return integer("uint32", 2, order, 0, 0xffff_ffff, Buffer.prototype.readUInt32BE);
}

/**
 * A signed integer of 64 bits.
 * @throws {TypeError | RangeError} when `order` has what is no order
 */
export function int64(order?: RegisterOrder): RegisterType<bigint> {
  return bigInteger("int64", order, -(2n ** 63n), 2n ** 63n - 1n, Buffer.prototype.readBigInt64BE);
}

/**
 * An unsigned integer of 64 bits.
 * @throws {TypeError | RangeError} when `order` has what is no order
 */
export function uint64(order?: RegisterOrder): RegisterType<bigint> {
  return bigInteger("uint64", order, 0n, 2n ** 64n - 1n, Buffer.prototype.readBigUInt64BE);
}

/**
 * A floating-point number of 32 bits (IEEE 754). A number that is none of these is rounded to the next when written.
 * @throws {TypeError | RangeError} when `order` has what is no order
 *
 * @example
 * ```ts
 * const temperature = await plc.read(100, float32({ wordOrder: "little" }));
 * ```
 */
export function float32(order?: RegisterOrder): RegisterType<number> {
  return float("float32", 2, order, Buffer.prototype.readFloatBE, Buffer.prototype.writeFloatBE);
}

/**
 * A floating-point number of 64 bits (IEEE 754).
 * @throws {TypeError | RangeError} when `order` has what is no order
 */
export function float64(order?: RegisterOrder): RegisterType<number> {
  return float("float64", 4, order, Buffer.prototype.readDoubleBE, Buffer.prototype.writeDoubleBE);
}

/**
 * `count` bits (1 to 1,968), the least significant first, of the integer that as many registers hold as they need. The bits
 * above them are written as 0.
 * @throws {TypeError | RangeError} when `count` is no integer from 1 to 1,968, or `order` has what is no order
 */
export function bits(count: number, order?: RegisterOrder): RegisterType<boolean[]> {
  new Check("describe bits").integer("count", count, 1, 1_968);
  const name = `bits(${count})`;
  const check = new Check(`encode ${name}`);
  const registers = Math.ceil(count / 16);
  return ordered(name, registers, order, {
    decode: (bytes) =>
      Array.from(
        { length: count },
        (_, bit) => ((bytes[bytes.length - 1 - (bit >>> 3)]! >>> (bit & 7)) & 1) === 1,
      ),
    encode(values, bytes) {
      check.list("value", values, count, count);
      for (const [bit, value] of values.entries()) {
        check.boolean(`value[${bit}]`, value);
        if (value) bytes[bytes.length - 1 - (bit >>> 3)]! |= 1 << (bit & 7);
      }
    },
  });
}

/** How text is stored. */
export interface TextOptions extends Pick<RegisterOrder, "byteOrder"> {
  /**
   * How characters are bytes.
   * @defaultValue "utf8", which ASCII is a part of
   */
  readonly encoding?: "utf8" | "latin1" | undefined;
}

/**
 * Text of `registers` registers (1 to 123), two bytes in each. NULs at the end are cut when read and filled in when written.
 * @throws {TypeError | RangeError} when `registers` is no integer from 1 to 123, or an option makes no sense
 */
export function string(
  registers: number,
  { encoding = "utf8", byteOrder }: TextOptions = {},
): RegisterType<string> {
  const description = new Check("describe string");
  description.integer("registers", registers, 1, 123);
  description.choice("encoding", encoding, ["utf8", "latin1"]);
  const name = `string(${registers})`;
  const check = new Check(`encode ${name}`);
  return ordered(
    name,
    registers,
    { byteOrder },
    {
      decode: (bytes) => bytes.toString(encoding).replace(trailingNuls, ""),
      encode(value, bytes) {
        check.string("value", value);
        const text = Buffer.from(value, encoding);
        if (text.toString(encoding) !== value) {
          throw new RangeError(
            `Cannot encode ${name}: \`value\` has characters that ${encoding} has not`,
          );
        }
        if (text.length > bytes.length) {
          throw new RangeError(
            `Cannot encode ${name}: \`value\` must take ${bytes.length} bytes at most, got ${text.length}`,
          );
        }
        text.copy(bytes);
      },
    },
  );
}

function integer(
  name: string,
  registers: number,
  order: RegisterOrder | undefined,
  least: number,
  most: number,
  read: (this: Buffer) => number,
): RegisterType<number> {
  const check = new Check(`encode ${name}`);
  return ordered(name, registers, order, {
    decode: (bytes) => read.call(bytes),
    encode(value, bytes) {
      check.integer("value", value, least, most);
      for (let at = bytes.length - 1, rest = value; at >= 0; at--) {
        bytes[at] = rest;
        rest = Math.floor(rest / 256);
      }
    },
  });
}

function bigInteger(
  name: string,
  order: RegisterOrder | undefined,
  least: bigint,
  most: bigint,
  read: (this: Buffer) => bigint,
): RegisterType<bigint> {
  return ordered(name, 4, order, {
    decode: (bytes) => read.call(bytes),
    encode(value, bytes) {
      if (typeof value !== "bigint" || value < least || value > most) {
        const problem = `Cannot encode ${name}: \`value\` must be a bigint from ${least} to ${most}, got ${String(value)}`;
        throw typeof value === "bigint" ? new RangeError(problem) : new TypeError(problem);
      }
      bytes.writeBigUInt64BE(BigInt.asUintN(64, value));
    },
  });
}

function float(
  name: string,
  registers: number,
  order: RegisterOrder | undefined,
  read: (this: Buffer) => number,
  write: (this: Buffer, value: number) => number,
): RegisterType<number> {
  const check = new Check(`encode ${name}`);
  return ordered(name, registers, order, {
    decode: (bytes) => read.call(bytes),
    encode(value, bytes) {
      if (typeof value !== "number") check.refuse("value", "a number", value);
      write.call(bytes, value);
      if (Number.isFinite(value) && !Number.isFinite(read.call(bytes))) {
        throw new RangeError(`Cannot encode ${name}: \`value\` must fit, got ${value}`);
      }
    },
  });
}

/** A type of which only the big-endian bytes have to be known. */
function ordered<Value>(
  name: string,
  registers: number,
  { wordOrder = "big", byteOrder = "big" }: RegisterOrder = {},
  bytewise: {
    readonly decode: (bytes: Buffer) => Value;
    readonly encode: (value: Value, bytes: Buffer) => void;
  },
): RegisterType<Value> {
  const description = new Check(`describe ${name}`);
  description.choice("wordOrder", wordOrder, orders);
  description.choice("byteOrder", byteOrder, orders);
  const decoding = new Check(`decode ${name}`);
  const arrange = (bytes: Buffer) => {
    if (byteOrder === "little") bytes.swap16();
    // All bytes backwards, then those of each word forwards again.
    if (wordOrder === "little") return Buffer.from(bytes.toReversed()).swap16();
    return bytes;
  };
  return {
    name,
    registers,
    decode(words) {
      decoding.list("registers", words, registers, registers);
      const bytes = Buffer.alloc(registers * 2);
      for (const [index, word] of words.entries()) bytes.writeUInt16BE(word, index * 2);
      return bytewise.decode(arrange(bytes));
    },
    encode(value) {
      const bytes = Buffer.alloc(registers * 2);
      bytewise.encode(value, bytes);
      const arranged = arrange(bytes);
      return Array.from({ length: registers }, (_, index) => arranged.readUInt16BE(index * 2));
    },
  };
}

const orders = ["big", "little"];

const trailingNuls = /\0+$/;
