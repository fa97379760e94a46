/**
 * How long an answer to `sent` (a unit id with a PDU) is that begins where `bytes` begin: `"none"` when none does, `"more"`
 * when that cannot be told yet. What the request implies of its answer has to be there: the quantity that was asked for,
 * the echo of what was written. Of functions whose answer has no length of its own, all bytes but the last two (the CRC)
 * are the answer, once `isAll` says that no more come.
 */
export function answerLength(
  sent: Buffer,
  bytes: Buffer,
  isAll: boolean,
): number | "more" | "none" {
  if (bytes[0] !== sent[0]) return "none";
  if (bytes.length < 2) return "more";
  if (bytes[1] === (sent[1]! | 0x80)) return 3;
  if (bytes[1] !== sent[1]) return "none";
  switch (sent[1]) {
    case 1:
    case 2:
      return counted(bytes, Math.ceil(sent.readUInt16BE(4) / 8));
    case 3:
    case 4:
    case 23:
      return counted(bytes, sent.readUInt16BE(4) * 2);
    case 5:
    case 6:
    case 15:
    case 16:
      return echoed(sent, bytes, 6);
    case 7:
      return 3;
    case 8:
      return echoed(sent, bytes, 4, sent.length);
    case 11:
      return 6;
    case 20:
      return counted(bytes, recordsLength(sent));
    case 21:
      return echoed(sent, bytes, sent.length);
    case 22:
      return echoed(sent, bytes, 8);
    case 12:
    case 17:
      return bytes.length < 3 ? "more" : 3 + bytes[2]!;
    case 24:
      return bytes.length < 4 ? "more" : fifoLength(bytes);
    case 43:
      return sent[2] === 14 ? identificationLength(sent, bytes) : open(bytes, isAll);
    default:
      return open(bytes, isAll);
  }
}

/** Bytes of all records that function 20 asks for, each with its length and reference type (section 6.14). */
export function recordsLength(sent: Buffer): number {
  let length = 0;
  for (let at = 3; at + 7 <= sent.length; at += 7) length += 2 + sent.readUInt16BE(at + 5) * 2;
  return length;
}

function counted(bytes: Buffer, expected: number): number | "more" | "none" {
  if (bytes.length < 3) return "more";
  return bytes[2] === expected ? 3 + expected : "none";
}

function echoed(sent: Buffer, bytes: Buffer, same: number, length: number = same): number | "none" {
  const end = Math.min(same, bytes.length);
  return bytes.compare(sent, 0, end, 0, end) === 0 ? length : "none";
}

/** Byte count of 2 bytes, then the count of registers, 31 at most (section 6.18). */
function fifoLength(bytes: Buffer): number | "none" {
  const count = bytes.readUInt16BE(2);
  return count >= 2 && count <= 64 && count % 2 === 0 ? 4 + count : "none";
}

/** Section 6.21: MEI type and code as asked for, conformity level, more follows, next id, then the objects. */
function identificationLength(sent: Buffer, bytes: Buffer): number | "more" | "none" {
  const end = Math.min(bytes.length, 4);
  if (bytes.compare(sent, 2, end, 2, end) !== 0) return "none";
  if (bytes.length < 8) return "more";
  let at = 8;
  for (let objects = bytes[7]!; objects > 0; objects--) {
    if (bytes.length < at + 2) return "more";
    at += 2 + bytes[at + 1]!;
    if (at > longest) return "none";
  }
  return at;
}

function open(bytes: Buffer, isAll: boolean): number | "more" | "none" {
  if (!isAll) return "more";
  return bytes.length >= 4 ? bytes.length - 2 : "none";
}

/** A unit id with the longest PDU. */
const longest = 254;
