import { answerLength } from "../connection/answer-length.ts";
import type { LineFraming } from "./line-link.ts";

/** Modbus over Serial Line V1.02, section 2.5.2: each frame from a colon to a line feed, its bytes as hex, with an LRC. */
export class AsciiFraming implements LineFraming {
  #sent: Buffer | undefined;
  #rest: Buffer = none;
  /** How much of the rest was looked at. */
  #done = 0;
  /** Whether the line hears what it says, as many of two wires do. */
  #echoes = false;
  #isEchoDue = false;

  get rest(): Buffer {
    return this.#rest;
  }

  encode(message: Buffer): Buffer {
    return asciiFrame(message);
  }

  expect(message: Buffer | undefined): void {
    this.#sent = message;
    this.#isEchoDue = message !== undefined;
    this.#rest = none;
    this.#done = 0;
  }

  push(chunk: Buffer): Buffer | undefined {
    const rest = Buffer.concat([this.#rest, chunk]);
    const surplus = Math.max(rest.length - mostKept, 0);
    this.#rest = rest.subarray(surplus);
    this.#done = Math.max(this.#done - surplus, 0);
    if (this.#sent === undefined) return undefined;
    const answers = this.#messages().filter((message) => this.#isAnswer(this.#sent!, message));
    const [answer] = answers;
    if (answer === undefined) return undefined;
    this.#sent = undefined;
    // Two answers at once that are not the same: one is late, and nothing says which.
    if (answers.some((other) => !other.equals(answer))) return undefined;
    this.#rest = this.#rest.subarray(this.#done);
    this.#done = 0;
    return answer;
  }

  /** A frame that has no end is none. */
  settle(): undefined {
    return undefined;
  }

  /** The messages of the frames that are whole and sound, and were not there before. */
  #messages(): Buffer[] {
    const messages: Buffer[] = [];
    for (;;) {
      const end = this.#rest.indexOf(lineFeed, this.#done);
      if (end < 0) return messages;
      const message = messageOf(this.#rest.subarray(this.#done, end));
      if (message !== undefined) messages.push(message);
      this.#done = end + 1;
    }
  }

  #isAnswer(sent: Buffer, message: Buffer): boolean {
    if (this.#isEchoDue && message.equals(sent)) {
      const isLikeItsAnswer = lengthOf(sent, sent) === sent.length;
      if (this.#echoes || !isLikeItsAnswer) {
        this.#echoes = true;
        this.#isEchoDue = false;
        return false;
      }
    }
    return lengthOf(sent, message) === message.length;
  }
}

/** The frame that carries `message`, a unit id and a PDU. */
export function asciiFrame(message: Buffer): Buffer {
  const lrc = checksum(message).toString(16).padStart(2, "0");
  return Buffer.from(`:${message.toString("hex")}${lrc}\r\n`.toUpperCase(), "latin1");
}

/** The message of a line without its line feed. A colon begins a frame anew wherever it comes. */
function messageOf(line: Buffer): Buffer | undefined {
  // With 7 data bits some adapters leave the parity in the eighth.
  const text = Buffer.from(line.map((byte) => byte & 0x7f)).toString("latin1");
  const digits = /:((?:[0-9A-Fa-f]{2}){3,})\r$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const bytes = Buffer.from(digits, "hex");
  const message = bytes.subarray(0, -1);
  return checksum(message) === bytes.at(-1) ? message : undefined;
}

/** Here the frame says how long the answer is: of functions without a length of their own, it is all of it. */
function lengthOf(sent: Buffer, message: Buffer): number | "more" | "none" {
  return answerLength(sent, Buffer.concat([message, noChecksum]), true);
}

/** The LRC: what makes the sum of all bytes 0. */
function checksum(message: Buffer): number {
  let sum = 0;
  for (const byte of message) sum += byte;
  return -sum & 0xff;
}

const none: Buffer = Buffer.alloc(0);

/** Where RTU has its CRC. */
const noChecksum: Buffer = Buffer.alloc(2);

const lineFeed = 0x0a;

/** Two frames of the greatest length. */
const mostKept = 1_026;
