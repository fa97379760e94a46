import { Check } from "@sup/core/adapter";
import { checkWord, copyList } from "./limits.ts";

/** What modbus-serial does not encode, or not right: the request's bytes are made and its answer is read in `codec/pdu.ts`. */
export type PduRequest =
  | ReportServerId
  | ReadFileRecords
  | WriteFileRecords
  | ReadFifoQueue
  | ReadDeviceIdentification
  | OtherRequest;

/** What a request of these resolves to. */
export type PduAnswer<Request extends PduRequest = PduRequest> = Request extends WriteFileRecords
  ? void
  : Request extends ReadFileRecords
    ? number[][]
    : Request extends ReadFifoQueue
      ? number[]
      : Request extends ReadDeviceIdentification
        ? IdentificationPage
        : Buffer;

/** Report server id. */
export interface ReportServerId extends Unaddressed {
  readonly functionCode: 17;
}

/** Read file records. */
export interface ReadFileRecords extends Unaddressed {
  readonly functionCode: 20;
  readonly records: readonly FileRecordSpan[];
}

/** Write file records. */
export interface WriteFileRecords extends Unaddressed {
  readonly functionCode: 21;
  readonly records: readonly FileRecord[];
}

/** Read what waits in a queue of registers. */
export interface ReadFifoQueue extends Omit<Unaddressed, "address"> {
  readonly functionCode: 24;
  readonly address: number;
}

/** Read a page of the device's identification. */
export interface ReadDeviceIdentification extends Unaddressed {
  readonly functionCode: 43;
  readonly level: IdentificationLevel;
  readonly objectId: number;
}

/** Any other function: the bytes after its code. */
export interface OtherRequest extends Unaddressed {
  readonly functionCode: number;
  readonly bytes: Buffer;
}

interface Unaddressed {
  readonly unitId: number;
  readonly address: undefined;
  readonly quantity: undefined;
}

/** Registers of a file: `quantity` of them from `record` on. */
export interface FileRecordSpan {
  /** 1 to 65,535. */
  readonly file: number;
  /** 0 to 9,999. */
  readonly record: number;
  /** How many registers. */
  readonly quantity: number;
}

/** Registers to be written to a file from `record` on. */
export interface FileRecord {
  /** 1 to 65,535. */
  readonly file: number;
  /** 0 to 9,999. */
  readonly record: number;
  /** Words of 16 bits, one for each register. */
  readonly values: readonly number[];
}

/** Which objects of its identification a device is asked for: 1 basic, 2 regular, 3 extended, 4 one alone. */
export type IdentificationLevel = 1 | 2 | 3 | 4;

/** What one answer has of a device's identification. */
export interface IdentificationPage {
  readonly conformityLevel: number;
  /** The object that the next page begins with, if there is more. */
  readonly next: number | undefined;
  readonly objects: ReadonlyMap<number, string>;
}

const unaddressed = { address: undefined, quantity: undefined } as const;

export function reportServerId(unitId: number): ReportServerId {
  return { functionCode: 17, unitId, ...unaddressed };
}

/** @throws TypeError or RangeError that names what is outside the specification's limits, as all functions below. */
export function readFileRecords(
  unitId: number,
  records: readonly FileRecordSpan[],
): ReadFileRecords {
  const check = checks.readFileRecords;
  const copy = copyList(check, records, mostRead, checkSpanOfFile, "records").map(
    ({ file, record, quantity }) => ({ file, record, quantity }),
  );
  // Section 6.14: the byte count of the answer is 245 at most.
  const length = copy.reduce((sum, { quantity }) => sum + 2 + 2 * quantity, 0);
  if (length > 245) tooLong(check, length, 245);
  return { functionCode: 20, unitId, ...unaddressed, records: copy };
}

export function writeFileRecords(unitId: number, records: readonly FileRecord[]): WriteFileRecords {
  const check = checks.writeFileRecords;
  const copy = copyList(check, records, mostWritten, checkRecord, "records").map(
    ({ file, record, values }) => ({ file, record, values: Array.from(values) }),
  );
  // Section 6.15: the byte count is 251 at most.
  const length = copy.reduce((sum, { values }) => sum + 7 + 2 * values.length, 0);
  if (length > 251) tooLong(check, length, 251);
  return { functionCode: 21, unitId, ...unaddressed, records: copy };
}

export function readFifoQueue(unitId: number, address: number): ReadFifoQueue {
  checkWord(checks.readFifoQueue, "address", address);
  return { functionCode: 24, unitId, address, quantity: undefined };
}

export function readDeviceIdentification(
  unitId: number,
  level: IdentificationLevel,
  objectId: number,
): ReadDeviceIdentification {
  checks.readDeviceIdentification.integer("level", level, 1, 4);
  checks.readDeviceIdentification.integer("objectId", objectId, 0, 255);
  return { functionCode: 43, unitId, ...unaddressed, level, objectId };
}

/** Functions that have a method of their own would go past its limits. */
export function otherRequest(
  unitId: number,
  functionCode: number,
  bytes: Uint8Array | readonly number[],
): OtherRequest {
  const check = checks.request;
  const { action } = check;
  check.integer("functionCode", functionCode, 1, 127);
  if (ownMethods.has(functionCode)) {
    throw new RangeError(
      `Cannot ${action}: \`functionCode\` must be one without a method of its own, got ${functionCode}`,
    );
  }
  const list = bytes instanceof Uint8Array ? Array.from(bytes) : bytes;
  check.list("bytes", list, 0, mostBytes);
  for (const [index, byte] of list.entries()) check.integer(`bytes[${index}]`, byte, 0, 255);
  if (functionCode === 43 && list[0] === 14) {
    throw new RangeError(
      `Cannot ${action}: \`bytes\` must not begin with 14 for function 43, which readDeviceIdentification is for`,
    );
  }
  return { functionCode, unitId, ...unaddressed, bytes: Buffer.from(list) };
}

function checkSpanOfFile(check: Check, name: string, span: FileRecordSpan): void {
  checkPlace(check, name, span);
  check.integer(`${name}.quantity`, span.quantity, 1, 121);
}

function checkRecord(check: Check, name: string, record: FileRecord): void {
  checkPlace(check, name, record);
  copyList(check, record.values, 122, checkWord, `${name}.values`);
}

function checkPlace(check: Check, name: string, place: FileRecordSpan | FileRecord): void {
  check.object(name, place);
  check.integer(`${name}.file`, place.file, 1, 65_535);
  check.integer(`${name}.record`, place.record, 0, 9_999);
}

function tooLong({ action }: Check, length: number, most: number): never {
  throw new RangeError(
    `Cannot ${action}: \`records\` must take ${most} bytes at most, got ${length}`,
  );
}

const checks = {
  readFileRecords: new Check("read file records"),
  writeFileRecords: new Check("write file records"),
  readFifoQueue: new Check("read FIFO queue"),
  readDeviceIdentification: new Check("read device identification"),
  request: new Check("request any function"),
};

const ownMethods: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 15, 16, 17, 20, 21, 22, 23, 24]);

/** 253 bytes of PDU without the function code. */
const mostBytes = 252;

/** Each takes 7 bytes of the request, of 245. */
const mostRead = 35;

/** Each takes 9 bytes of 251 at least. */
const mostWritten = 27;
