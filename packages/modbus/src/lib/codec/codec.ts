// oxlint-disable no-underscore-dangle -- the names are modbus-serial's
import modbusSerial from "modbus-serial";
import type { PduRequest } from "../request/pdu-request.ts";
import type { ModbusAnswer, ModbusRequest, RegisterRequest } from "../request/request.ts";
import { CodecPort } from "./codec-port.ts";
import { decodePdu, encodePdu } from "./pdu.ts";

/**
 * modbus-serial on a port of our own, which makes it a codec: it encodes requests and decodes answers. One for each
 * connection. Its `close`, `destroy` and timeout are not used: they may never call back.
 */
export class Codec {
  readonly #port = new CodecPort();
  /** Requests that the library has no part in. */
  readonly #own = new Map<number, (message: Buffer) => void>();
  readonly #library: Library = new modbusSerial.default(this.#port) as unknown as Library;

  constructor() {
    this.#library.open(ignore);
  }

  /**
   * The request as a unit id and PDU. `decoded` is called when its answer is given to `decode`, unless the
   * request is forgotten before.
   */
  encode(transactionId: number, request: ModbusRequest, decoded: Decoded): Buffer {
    if (isPduRequest(request)) return this.#encodeOwn(transactionId, request, decoded);
    this.#port._transactionIdWrite = transactionId;
    write(this.#library, request, (error, result) => {
      this.forget(transactionId);
      if (error) decoded(error, undefined);
      else decoded(undefined, answerOf(request, result));
    });
    return this.#port.written;
  }

  /** Decodes an answer that is known to be well-formed: calls the request's `decoded` before it returns. */
  decode(transactionId: number, message: Buffer): void {
    const own = this.#own.get(transactionId);
    if (own === undefined) this.#port.deliver(transactionId, message);
    else own(message);
  }

  /** The library would keep a request, and its callback, until the id comes round again. */
  forget(transactionId: number): void {
    delete this.#library._transactions[transactionId];
    this.#own.delete(transactionId);
  }

  #encodeOwn(transactionId: number, request: PduRequest, decoded: Decoded): Buffer {
    this.#own.set(transactionId, (message) => {
      this.forget(transactionId);
      if (message[1] === request.functionCode) decoded(undefined, decodePdu(request, message));
      else decoded({ modbusCode: message[2]! }, undefined);
    });
    return encodePdu(request);
  }
}

export type Decoded = (error: LibraryError | undefined, answer: ModbusAnswer | undefined) => void;

/** What the library calls back with, an `Error`; or an exception of the device, which has its `modbusCode`. */
export type LibraryError = (Error & { readonly modbusCode?: number }) | DeviceException;

/** An exception of the device, where the library has no part in it. */
interface DeviceException {
  readonly modbusCode: number;
}

function isPduRequest(request: ModbusRequest): request is PduRequest {
  if ("bytes" in request) return true;
  const { functionCode } = request;
  return (
    functionCode === 17 ||
    functionCode === 20 ||
    functionCode === 21 ||
    functionCode === 24 ||
    functionCode === 43
  );
}

function write(library: Library, request: RegisterRequest, next: LibraryNext): void {
  const { unitId, address, quantity } = request;
  switch (request.functionCode) {
    case 1:
      return library.writeFC1(unitId, address, quantity, next);
    case 2:
      return library.writeFC2(unitId, address, quantity, next);
    case 3:
      return library.writeFC3(unitId, address, quantity, next);
    case 4:
      return library.writeFC4(unitId, address, quantity, next);
    case 5:
      return library.writeFC5(unitId, address, request.value, next);
    case 6:
      return library.writeFC6(unitId, address, request.value, next);
    case 15:
      return library.writeFC15(unitId, address, request.values, next);
    case 16:
      return library.writeFC16(unitId, address, request.values, next);
    case 22:
      return library.writeFC22(unitId, address, request.andMask, request.orMask, next);
    case 23: {
      const { writeAddress, values } = request;
      return library.writeFC23(
        unitId,
        address,
        quantity,
        writeAddress,
        values.length,
        values,
        next,
      );
    }
  }
}

function answerOf(request: RegisterRequest, { data }: LibraryResult): ModbusAnswer {
  switch (request.functionCode) {
    case 1:
    case 2:
      // The library decodes all bits of the last byte, asked for or not.
      return (data as boolean[]).slice(0, request.quantity);
    case 3:
    case 4:
    case 23:
      return data;
    default:
      return undefined;
  }
}

function ignore(): void {}

/** The part of modbus-serial that is used, as it is; its own types have no `_transactions` and no readonly arrays. */
interface Library {
  readonly _transactions: Record<number, unknown>;
  open(callback: () => void): void;
  writeFC1(unitId: number, address: number, quantity: number, next: LibraryNext): void;
  writeFC2(unitId: number, address: number, quantity: number, next: LibraryNext): void;
  writeFC3(unitId: number, address: number, quantity: number, next: LibraryNext): void;
  writeFC4(unitId: number, address: number, quantity: number, next: LibraryNext): void;
  writeFC5(unitId: number, address: number, value: boolean, next: LibraryNext): void;
  writeFC6(unitId: number, address: number, value: number, next: LibraryNext): void;
  writeFC15(unitId: number, address: number, values: readonly boolean[], next: LibraryNext): void;
  writeFC16(unitId: number, address: number, values: readonly number[], next: LibraryNext): void;
  writeFC22(
    unitId: number,
    address: number,
    andMask: number,
    orMask: number,
    next: LibraryNext,
  ): void;
  writeFC23(
    unitId: number,
    address: number,
    quantity: number,
    writeAddress: number,
    writeQuantity: number,
    values: readonly number[],
    next: LibraryNext,
  ): void;
}

type LibraryNext = (error: LibraryError | null, result: LibraryResult) => void;

interface LibraryResult {
  readonly data?: boolean[] | number[];
}
