// oxlint-disable no-underscore-dangle -- the names are modbus-serial's
import { EventEmitter } from "node:events";
import { crc16 } from "./crc16.ts";

/**
 * The port that modbus-serial is given: to the library a line that is open and speaks RTU, to us the place where its
 * requests come out and answers go in, each a unit id with a PDU. Framing, ids and the life of the connection stay ours.
 */
export class CodecPort extends EventEmitter {
  readonly isOpen = true;
  /** The library files a request under this id as it writes it. */
  _transactionIdWrite = 0;
  /** And takes the next message for the answer to the request of this id. */
  _transactionIdRead = 0;
  /** The last request that was written. */
  written: Buffer = Buffer.alloc(0);

  open(callback: () => void): void {
    callback();
  }

  write(rtuFrame: Buffer): void {
    this.written = rtuFrame.subarray(0, -crcLength);
  }

  /** Gives the library an answer; it calls back before this returns. */
  deliver(transactionId: number, message: Buffer): void {
    const rtuFrame = Buffer.allocUnsafe(message.length + crcLength);
    rtuFrame.set(message);
    rtuFrame.writeUInt16LE(crc16(message), message.length);
    this._transactionIdRead = transactionId;
    this.emit("data", rtuFrame);
  }
}

const crcLength = 2;
