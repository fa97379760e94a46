import { crc16 } from "../codec/crc16.ts";
import { answerLength } from "../connection/answer-length.ts";
import type { LineFraming } from "./line-link.ts";

/**
 * Modbus over Serial Line V1.02, section 2.5.1. The specification ends a frame by silence, which neither a USB adapter nor an
 * operating system keeps. So the answer is looked for in what comes: the place at which unit, function, length and all else
 * that the request implies fit, and the CRC over it. Noise before and after it does no harm.
 */
export class RtuFraming implements LineFraming {
  #sent: Buffer | undefined;
  /** Whether the line hears what it says, as many of two wires do. */
  #echoes = false;
  #isEchoDue = false;
  #rest: Buffer = none;

  get rest(): Buffer {
    return this.#rest;
  }

  encode(message: Buffer): Buffer {
    return rtuFrame(message);
  }

  expect(message: Buffer | undefined): void {
    this.#sent = message;
    this.#isEchoDue = message !== undefined;
    this.#rest = none;
  }

  push(chunk: Buffer): Buffer | undefined {
    const rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    // More than two frames is none of ours: what is awaited can only be at the end. A copy, as the chunk is a pool's.
    this.#rest = Buffer.from(rest.length > mostKept ? rest.subarray(-mostKept) : rest);
    if (this.#sent === undefined) return undefined;
    if (this.#isEchoDue) this.#takeEcho(this.#sent);
    return this.#find(this.#sent, false);
  }

  settle(): Buffer | undefined {
    return this.#sent === undefined ? undefined : this.#find(this.#sent, true);
  }

  /**
   * What was sent comes back first on a line with an echo. The answer to some writes is the same: on a line that is known to
   * echo, the first of the two is not the answer.
   */
  #takeEcho(sent: Buffer): void {
    if (!this.#echoes && answerLength(sent, sent, false) === sent.length) return;
    const echo = rtuFrame(sent);
    if (this.#rest.length < echo.length || echo.compare(this.#rest, 0, echo.length) !== 0) return;
    this.#echoes = true;
    this.#isEchoDue = false;
    this.#rest = this.#rest.subarray(echo.length);
  }

  #find(sent: Buffer, isAll: boolean): Buffer | undefined {
    const found = findAnswer(sent, this.#rest, isAll);
    if (found === undefined) return undefined;
    this.#sent = undefined;
    const rest = this.#rest.subarray(found.end);
    const other = findAnswer(sent, rest, isAll);
    // Two answers at once that are not the same: one is late, and nothing says which.
    if (other !== undefined && !other.answer.equals(found.answer)) return undefined;
    this.#rest = rest;
    return found.answer;
  }
}

/** The frame that carries `message`, a unit id and a PDU. */
export function rtuFrame(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(message.length + crcLength);
  frame.set(message);
  frame.writeUInt16LE(crc16(message), message.length);
  return frame;
}

/** An answer that is whole; but not one inside of what may become one that began before it, unless it is all that comes. */
function findAnswer(
  sent: Buffer,
  bytes: Buffer,
  isAll: boolean,
): { readonly answer: Buffer; readonly end: number } | undefined {
  for (let start = 0; start < bytes.length; start++) {
    const length = answerLength(sent, bytes.subarray(start), isAll);
    if (length === "none") continue;
    if (length === "more" || start + length + crcLength > bytes.length) {
      if (isAll) continue;
      return undefined;
    }
    const end = start + length;
    const answer = bytes.subarray(start, end);
    if (bytes.readUInt16LE(end) === crc16(answer)) return { answer, end: end + crcLength };
  }
  return undefined;
}

const none: Buffer = Buffer.alloc(0);

const crcLength = 2;

/** Two frames of the greatest length. */
const mostKept = 512;
