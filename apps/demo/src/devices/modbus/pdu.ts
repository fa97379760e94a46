import type { Cell, Input, Memory } from "./memory.ts";

/** Exception codes, Modbus Application Protocol V1.1b3, section 7. */
const illegalFunction = 1;
const illegalAddress = 2;
const illegalValue = 3;

type ExceptionCode = typeof illegalFunction | typeof illegalAddress | typeof illegalValue;

const coilOn = 0xff00;
const coilOff = 0x0000;

/**
 * What a device with this memory answers to a request; both are PDUs: function code and data, without a transport's frame.
 * Functions, limits and the order of the checks are those of the Modbus Application Protocol V1.1b3, section 6.
 */
export function answerTo(request: Buffer, memory: Memory): Buffer {
  const answer = perform(request, memory);
  return Buffer.isBuffer(answer) ? answer : Buffer.of((request[0] ?? 0) | 0x80, answer);
}

function perform(request: Buffer, memory: Memory): Buffer | ExceptionCode {
  switch (request[0]) {
    case 1:
      return readBits(request, memory.coils);
    case 2:
      return readBits(request, memory.discreteInputs);
    case 3:
      return readRegisters(request, memory.holdingRegisters);
    case 4:
      return readRegisters(request, memory.inputRegisters);
    case 5:
      return writeCoil(request, memory.coils);
    case 6:
      return writeRegister(request, memory.holdingRegisters);
    case 15:
      return writeCoils(request, memory.coils);
    case 16:
      return writeRegisters(request, memory.holdingRegisters);
    default:
      return illegalFunction;
  }
}

function readBits(request: Buffer, table: readonly Input<boolean>[]): Buffer | ExceptionCode {
  if (request.length !== 5) return illegalValue;
  const cells = cellsOf(request, table, 2_000);
  if (typeof cells === "number") return cells;
  const answer = Buffer.alloc(2 + Math.ceil(cells.length / 8));
  answer[0] = request[0]!;
  answer[1] = answer.length - 2;
  for (const [index, cell] of cells.entries()) {
    if (cell.read()) answer[2 + (index >> 3)]! |= 1 << (index & 7);
  }
  return answer;
}

function readRegisters(request: Buffer, table: readonly Input<number>[]): Buffer | ExceptionCode {
  if (request.length !== 5) return illegalValue;
  const cells = cellsOf(request, table, 125);
  if (typeof cells === "number") return cells;
  const answer = Buffer.alloc(2 + cells.length * 2);
  answer[0] = request[0]!;
  answer[1] = answer.length - 2;
  for (const [index, cell] of cells.entries()) answer.writeUInt16BE(cell.read(), 2 + index * 2);
  return answer;
}

function writeCoil(request: Buffer, table: readonly Cell<boolean>[]): Buffer | ExceptionCode {
  if (request.length !== 5) return illegalValue;
  const value = request.readUInt16BE(3);
  if (value !== coilOn && value !== coilOff) return illegalValue;
  const cell = table[request.readUInt16BE(1)];
  if (cell === undefined) return illegalAddress;
  cell.write(value === coilOn);
  return request;
}

function writeRegister(request: Buffer, table: readonly Cell<number>[]): Buffer | ExceptionCode {
  if (request.length !== 5) return illegalValue;
  const cell = table[request.readUInt16BE(1)];
  if (cell === undefined) return illegalAddress;
  cell.write(request.readUInt16BE(3));
  return request;
}

function writeCoils(request: Buffer, table: readonly Cell<boolean>[]): Buffer | ExceptionCode {
  const values = valuesOf(request, (quantity) => Math.ceil(quantity / 8));
  if (values === undefined) return illegalValue;
  const cells = cellsOf(request, table, 1_968);
  if (typeof cells === "number") return cells;
  for (const [index, cell] of cells.entries()) {
    cell.write((values[index >> 3]! & (1 << (index & 7))) !== 0);
  }
  return request.subarray(0, 5);
}

function writeRegisters(request: Buffer, table: readonly Cell<number>[]): Buffer | ExceptionCode {
  const values = valuesOf(request, (quantity) => quantity * 2);
  if (values === undefined) return illegalValue;
  const cells = cellsOf(request, table, 123);
  if (typeof cells === "number") return cells;
  for (const [index, cell] of cells.entries()) cell.write(values.readUInt16BE(index * 2));
  return request.subarray(0, 5);
}

/** The cells that a request names by its first address and a quantity of `most` or less. */
function cellsOf<Value>(
  request: Buffer,
  table: readonly Value[],
  most: number,
): readonly Value[] | ExceptionCode {
  const address = request.readUInt16BE(1);
  const quantity = request.readUInt16BE(3);
  if (quantity < 1 || quantity > most) return illegalValue;
  if (address + quantity > table.length) return illegalAddress;
  return table.slice(address, address + quantity);
}

/** The bytes that a request brings, if they are as many as its quantity and its byte count say. */
function valuesOf(request: Buffer, bytesFor: (quantity: number) => number): Buffer | undefined {
  if (request.length < 6) return undefined;
  const bytes = bytesFor(request.readUInt16BE(3));
  return request[5] === bytes && request.length === 6 + bytes ? request.subarray(6) : undefined;
}
