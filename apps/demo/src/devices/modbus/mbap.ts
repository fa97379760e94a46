/** One message of Modbus TCP. */
export interface Frame {
  readonly transactionId: number;
  readonly unitId: number;
  readonly pdu: Buffer;
}

/** Bytes before the PDU: transaction id, protocol id, length, unit id (Modbus Messaging on TCP/IP V1.0b, section 3.1.3). */
const headerLength = 7;
const modbusProtocol = 0;
/** What the length field may say: the unit id and a PDU of 1 to 253 bytes. */
const leastLength = 2;
const mostLength = 254;

/**
 * The frames of a connection, however the stream was cut. Ends with the stream, also when that breaks, and at the first
 * header that is none: where the next frame would begin is not known then.
 */
export async function* framesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of stream) {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= headerLength) {
        const length = rest.readUInt16BE(4);
        if (rest.readUInt16BE(2) !== modbusProtocol) return;
        if (length < leastLength || length > mostLength) return;
        const end = headerLength - 1 + length;
        if (rest.length < end) break;
        yield {
          transactionId: rest.readUInt16BE(0),
          unitId: rest[6]!,
          pdu: rest.subarray(headerLength, end),
        };
        rest = rest.subarray(end);
      }
    }
  } catch {
    // The peer is gone; a device does not care why.
  }
}

/** The bytes of a frame. */
export function encode({ transactionId, unitId, pdu }: Frame): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(transactionId, 0);
  header.writeUInt16BE(modbusProtocol, 2);
  header.writeUInt16BE(1 + pdu.length, 4);
  header[6] = unitId;
  return Buffer.concat([header, pdu]);
}
