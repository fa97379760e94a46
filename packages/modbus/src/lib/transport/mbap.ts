import { ModbusFrameError } from "../errors.ts";

/**
 * Cuts a TCP stream into frames (Modbus Messaging on TCP/IP V1.0b, section 3.1.3).
 *
 * A stream that lost its framing has no mark at which to find it again, so the first header that cannot be one is the
 * end: `push` throws, and the connection must go.
 */
export class MbapDeframer {
  readonly #source: string;
  #rest: Buffer = none;

  /** @param source - whose stream it is, for errors. */
  constructor(source: string) {
    this.#source = source;
  }

  /**
   * Hands every frame that `chunk` completes to `onFrame`: its transaction id, and its unit id and PDU as one buffer.
   *
   * @throws {@link ModbusFrameError} if the protocol id is not 0 or the length not 2 to 254. The frames before it were
   *   handed over.
   */
  push(chunk: Buffer, onFrame: (transactionId: number, message: Buffer) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    while (bytes.length - start >= headerLength) {
      const end = start + headerLength + this.#messageLength(bytes, start);
      if (end > bytes.length) break;
      onFrame(bytes.readUInt16BE(start), bytes.subarray(start + headerLength, end));
      start = end;
    }
    // A copy, so that 20 bytes of a frame do not hold on to the 64 KiB that they came in.
    this.#rest = start === bytes.length ? none : Buffer.from(bytes.subarray(start));
  }

  #messageLength(bytes: Buffer, start: number): number {
    const protocol = bytes.readUInt16BE(start + 2);
    if (protocol !== 0) this.#refuse(`protocol id ${protocol}, and Modbus is 0`);
    const length = bytes.readUInt16BE(start + 4);
    if (length < 2 || length > 254) this.#refuse(`length ${length}, and the limits are 2 to 254`);
    return length;
  }

  #refuse(why: string): never {
    throw new ModbusFrameError(`Cannot read from ${this.#source}: a frame has ${why}`);
  }
}

/** What a datagram carries, if it is one frame and nothing else. */
export function messageOfMbap(
  datagram: Buffer,
): { readonly transactionId: number; readonly message: Buffer } | undefined {
  if (datagram.length < headerLength + 2 || datagram.readUInt16BE(2) !== 0) return undefined;
  const length = datagram.readUInt16BE(4);
  if (length > 254 || datagram.length !== headerLength + length) return undefined;
  return { transactionId: datagram.readUInt16BE(0), message: datagram.subarray(headerLength) };
}

/** The frame that carries `message`, a unit id and a PDU. */
export function encodeMbap(transactionId: number, message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(headerLength + message.length);
  frame.writeUInt16BE(transactionId, 0);
  frame.writeUInt16BE(0, 2);
  frame.writeUInt16BE(message.length, 4);
  frame.set(message, headerLength);
  return frame;
}

/** Transaction id, protocol id and length; the unit id, which the specification counts in, comes with the PDU here. */
const headerLength = 6;

const none: Buffer = Buffer.alloc(0);
