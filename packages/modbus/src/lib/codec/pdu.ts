import type { IdentificationPage, PduAnswer, PduRequest } from "../request/pdu-request.ts";

/** The request as a unit id and PDU. */
export function encodePdu(request: PduRequest): Buffer {
  const { unitId, functionCode } = request;
  return Buffer.from([unitId, functionCode, ...bodyOf(request)]);
}

/** What an answer without a fault says. */
export function decodePdu(request: PduRequest, message: Buffer): PduAnswer {
  if ("bytes" in request) return Buffer.from(message.subarray(2));
  switch (request.functionCode) {
    case 17:
      return Buffer.from(message.subarray(3));
    case 20:
      return recordsOf(message);
    case 21:
      return undefined;
    case 24:
      return wordsOf(message.subarray(6));
    case 43:
      return pageOf(message);
    default:
      return request satisfies never;
  }
}

function bodyOf(request: PduRequest): Iterable<number> {
  if ("bytes" in request) return request.bytes;
  switch (request.functionCode) {
    case 17:
      return [];
    case 20: {
      const body = request.records.flatMap(({ file, record, quantity }) =>
        placeOf(file, record, quantity),
      );
      return [body.length, ...body];
    }
    case 21: {
      const body = request.records.flatMap(({ file, record, values }) => [
        ...placeOf(file, record, values.length),
        ...values.flatMap(bytesOf),
      ]);
      return [body.length, ...body];
    }
    case 24:
      return bytesOf(request.address);
    case 43:
      return [identification, request.level, request.objectId];
    default:
      return request satisfies never;
  }
}

function placeOf(file: number, record: number, quantity: number): number[] {
  return [referenceType, ...bytesOf(file), ...bytesOf(record), ...bytesOf(quantity)];
}

function bytesOf(word: number): [number, number] {
  return [word >>> 8, word & 0xff];
}

function wordsOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2));
}

function recordsOf(message: Buffer): number[][] {
  const records: number[][] = [];
  for (let at = 3; at < message.length; at += 1 + message[at]!) {
    records.push(wordsOf(message.subarray(at + 2, at + 1 + message[at]!)));
  }
  return records;
}

function pageOf(message: Buffer): IdentificationPage {
  const objects = new Map<number, string>();
  for (let at = 8; at < message.length; at += 2 + message[at + 1]!) {
    objects.set(message[at]!, message.toString("utf8", at + 2, at + 2 + message[at + 1]!));
  }
  const next = message[5] === 0 ? undefined : message[6]!;
  return { conformityLevel: message[4]!, next, objects };
}

/** The MEI type of section 6.21. */
const identification = 14;

/** The only one of sections 6.14 and 6.15. */
const referenceType = 6;
