/** What a frame may be that RFC 6455 section 5.2 describes, and may not. */
export interface FrameOptions {
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly rsv?: number;
  readonly masked?: boolean;
}

export const text = 1;
export const binary = 2;
export const closing = 8;
export const ping = 9;
export const pong = 10;

/** A frame as a server sends it, with each bit as asked for. */
export function frame(
  opcode: number,
  payload: string | Buffer = "",
  { fin = true, rsv = 0, masked = false }: FrameOptions = {},
): Buffer {
  const body = Buffer.from(payload as string);
  const start = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]);
  const mask = masked ? Buffer.from([0, 0, 0, 0]) : Buffer.alloc(0);
  return Buffer.concat([start, lengthOf(body.length, masked ? 0x80 : 0), mask, body]);
}

/** A close frame with a code and a reason, or without. */
export function closeFrame(code?: number, reason = ""): Buffer {
  if (code === undefined) return frame(closing);
  return frame(
    closing,
    Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]),
  );
}

function lengthOf(length: number, maskBit: number): Buffer {
  if (length < 126) return Buffer.from([maskBit | length]);
  if (length < 65_536) return Buffer.from([maskBit | 126, length >> 8, length & 0xff]);
  const long = Buffer.alloc(9);
  long[0] = maskBit | 127;
  long.writeBigUInt64BE(BigInt(length), 1);
  return long;
}

/** One frame of a client. */
export interface Frame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly payload: Buffer;
}

/** Reads the frames of a client, however the bytes are cut. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = 2;

  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return [];
    let bytes = Buffer.concat(this.#chunks);
    const frames: Frame[] = [];
    for (;;) {
      const length = lengthAt(bytes);
      if (length === undefined || bytes.length < length.end + length.payload) {
        this.#needed = length === undefined ? bytes.length + 1 : length.end + length.payload;
        break;
      }
      frames.push(frameAt(bytes, length));
      bytes = bytes.subarray(length.end + length.payload);
    }
    this.#chunks = [bytes];
    this.#length = bytes.length;
    return frames;
  }
}

function lengthAt(bytes: Buffer): { payload: number; end: number } | undefined {
  if (bytes.length < 2) return undefined;
  if ((bytes[1]! & 0x80) === 0) throw new Error("Cannot read frame: the client did not mask it");
  const short = bytes[1]! & 0x7f;
  if (short < 126) return { payload: short, end: 6 };
  if (short === 126)
    return bytes.length < 4 ? undefined : { payload: bytes.readUInt16BE(2), end: 8 };
  return bytes.length < 10 ? undefined : { payload: Number(bytes.readBigUInt64BE(2)), end: 14 };
}

function frameAt(bytes: Buffer, { payload, end }: { payload: number; end: number }): Frame {
  const mask = bytes.subarray(end - 4, end);
  const body = Buffer.from(bytes.subarray(end, end + payload));
  for (let index = 0; index < body.length; index++) body[index]! ^= mask[index & 3]!;
  return { opcode: bytes[0]! & 0x0f, fin: (bytes[0]! & 0x80) !== 0, payload: body };
}
