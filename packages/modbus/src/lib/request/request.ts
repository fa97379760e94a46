import { Check } from "@sup/core/adapter";
import { checkBit, checkSpan, checkWord, copyList } from "./limits.ts";
import type { PduAnswer, PduRequest } from "./pdu-request.ts";

/**
 * One request as it waits in the mailbox: plain data, validated by the function that made it, complete but for the
 * transport's framing. The function codes and limits are those of the Modbus Application Protocol V1.1b3, section 6.
 */
export type ModbusRequest = RegisterRequest | PduRequest;

/** What reads and writes coils, inputs and registers; modbus-serial encodes and decodes it. */
export type RegisterRequest =
  | ReadBits
  | ReadRegisters
  | WriteCoil
  | WriteRegister
  | WriteCoils
  | WriteRegisters
  | MaskWriteRegister
  | ReadWriteRegisters;

/** What a request resolves to. */
export type ModbusAnswer<Request extends ModbusRequest = ModbusRequest> = Request extends ReadBits
  ? boolean[]
  : Request extends ReadRegisters | ReadWriteRegisters
    ? number[]
    : Request extends PduRequest
      ? PduAnswer<Request>
      : void;

/** Read coils (1) or discrete inputs (2). */
export interface ReadBits extends Span {
  readonly functionCode: 1 | 2;
}

/** Read holding registers (3) or input registers (4). */
export interface ReadRegisters extends Span {
  readonly functionCode: 3 | 4;
}

/** Write a single coil. */
export interface WriteCoil extends Span {
  readonly functionCode: 5;
  readonly value: boolean;
}

/** Write a single register. */
export interface WriteRegister extends Span {
  readonly functionCode: 6;
  readonly value: number;
}

/** Write multiple coils. */
export interface WriteCoils extends Span {
  readonly functionCode: 15;
  readonly values: readonly boolean[];
}

/** Write multiple registers. */
export interface WriteRegisters extends Span {
  readonly functionCode: 16;
  readonly values: readonly number[];
}

/** Set a register to (its value AND `andMask`) OR (`orMask` AND NOT `andMask`). */
export interface MaskWriteRegister extends Span {
  readonly functionCode: 22;
  readonly andMask: number;
  readonly orMask: number;
}

/** Write `values`, then read: `address` and `quantity` are of the read part. */
export interface ReadWriteRegisters extends Span {
  readonly functionCode: 23;
  readonly writeAddress: number;
  readonly values: readonly number[];
}

interface Span {
  readonly unitId: number;
  readonly address: number;
  readonly quantity: number;
}

/** @throws TypeError or RangeError that names what is outside the specification's limits, as all functions below. */
export function readBits(
  functionCode: 1 | 2,
  unitId: number,
  address: number,
  quantity: number,
): ReadBits {
  checkSpan(checks[functionCode], address, quantity, 2_000);
  return { functionCode, unitId, address, quantity };
}

export function readRegisters(
  functionCode: 3 | 4,
  unitId: number,
  address: number,
  quantity: number,
): ReadRegisters {
  checkSpan(checks[functionCode], address, quantity, 125);
  return { functionCode, unitId, address, quantity };
}

export function writeCoil(unitId: number, address: number, value: boolean): WriteCoil {
  checkWord(checks[5], "address", address);
  checkBit(checks[5], "value", value);
  return { functionCode: 5, unitId, address, quantity: 1, value };
}

export function writeRegister(unitId: number, address: number, value: number): WriteRegister {
  checkWord(checks[6], "address", address);
  checkWord(checks[6], "value", value);
  return { functionCode: 6, unitId, address, quantity: 1, value };
}

export function writeCoils(
  unitId: number,
  address: number,
  values: readonly boolean[],
): WriteCoils {
  const bits = copyList(checks[15], values, 1_968, checkBit);
  checkSpan(checks[15], address, bits.length, 1_968);
  return { functionCode: 15, unitId, address, quantity: bits.length, values: bits };
}

export function writeRegisters(
  unitId: number,
  address: number,
  values: readonly number[],
): WriteRegisters {
  const words = copyList(checks[16], values, 123, checkWord);
  checkSpan(checks[16], address, words.length, 123);
  return { functionCode: 16, unitId, address, quantity: words.length, values: words };
}

export function maskWriteRegister(
  unitId: number,
  address: number,
  andMask: number,
  orMask: number,
): MaskWriteRegister {
  checkWord(checks[22], "address", address);
  checkWord(checks[22], "andMask", andMask);
  checkWord(checks[22], "orMask", orMask);
  return { functionCode: 22, unitId, address, quantity: 1, andMask, orMask };
}

export function readWriteRegisters(
  unitId: number,
  address: number,
  quantity: number,
  writeAddress: number,
  values: readonly number[],
): ReadWriteRegisters {
  const check = checks[23];
  checkSpan(check, address, quantity, 125, "readAddress");
  const words = copyList(check, values, 121, checkWord);
  checkSpan(check, writeAddress, words.length, 121, "writeAddress");
  return { functionCode: 23, unitId, address, quantity, writeAddress, values: words };
}

/** What `request` does, to go after "Cannot" in an error's message. */
export function actionOf(request: ModbusRequest): string {
  const { functionCode, unitId, address, quantity = 1 } = request;
  const isOther = "bytes" in request || !(functionCode in actions);
  const action = isOther ? `request function ${functionCode}` : actions[functionCode as Named];
  if (address === undefined) return `${action} of unit ${unitId}`;
  const span = quantity === 1 ? `${address}` : `${address} to ${address + quantity - 1}`;
  return `${action} ${span} of unit ${unitId}`;
}

/** What each function does, to go after "Cannot" in an error's message. */
export const actions = {
  1: "read coils",
  2: "read discrete inputs",
  3: "read holding registers",
  4: "read input registers",
  5: "write coil",
  6: "write register",
  15: "write coils",
  16: "write registers",
  17: "report server id",
  20: "read file records",
  21: "write file records",
  22: "mask register",
  23: "read and write registers",
  24: "read FIFO queue",
  43: "read device identification",
} as const;

type Named = keyof typeof actions;

const checks = Object.fromEntries(
  Object.entries(actions).map(([functionCode, action]) => [functionCode, new Check(action)]),
) as Readonly<Record<Named, Check>>;
