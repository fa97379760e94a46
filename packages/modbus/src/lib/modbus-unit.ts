import type { CallOptions } from "@sup/core";
import { Check } from "@sup/core/adapter";
import {
  type FileRecord,
  type FileRecordSpan,
  type IdentificationLevel,
  otherRequest,
  readDeviceIdentification,
  readFifoQueue,
  readFileRecords,
  reportServerId,
  writeFileRecords,
} from "./request/pdu-request.ts";
import type { RegisterType } from "./register-type.ts";
import {
  maskWriteRegister,
  type ModbusAnswer,
  type ModbusRequest,
  readBits,
  readRegisters,
  readWriteRegisters,
  writeCoil,
  writeCoils,
  writeRegister,
  writeRegisters,
} from "./request/request.ts";

/** What a device says of itself, by the ids of the objects: 0 vendor, 1 product code, 2 revision, 3 vendor's URL, and so on. */
export interface DeviceIdentification {
  /** How much of it the device knows to tell: 1 basic, 2 regular, 3 extended, and 128 more where each can be asked for alone. */
  readonly conformityLevel: number;
  /** The texts by the ids of their objects. */
  readonly objects: Readonly<Record<number, string>>;
}

/** The options of `read`. */
export interface ReadOptions extends CallOptions {
  /**
   * Which registers are read: function 3 or 4.
   * @defaultValue "holding"
   */
  readonly registers?: "holding" | "input" | undefined;
}

/** The options of `write`. */
export interface WriteOptions extends CallOptions {
  /**
   * Which registers are written: there are no others that can be.
   * @defaultValue "holding"
   */
  readonly registers?: "holding" | undefined;
}

/**
 * One unit, and what it can be asked for. A `ModbusActor` is the unit of its options; others on the same connection are
 * had by its `unit(id)`.
 *
 * Each method rejects with `TypeError` or `RangeError` for what the specification forbids (Modbus Application Protocol
 * V1.1b3, section 6), before anything is queued. How else it may end says `ModbusActor`.
 */
export abstract class ModbusUnit {
  /** The unit that is asked. */
  abstract readonly unitId: number;

  /** Function 1: `quantity` coils (1 to 2,000) from `address` on. */
  readCoils(address: number, quantity: number, options?: CallOptions): Promise<boolean[]> {
    return this.#ask((unitId) => readBits(1, unitId, address, quantity), options);
  }

  /** Function 2: `quantity` discrete inputs (1 to 2,000) from `address` on. */
  readDiscreteInputs(address: number, quantity: number, options?: CallOptions): Promise<boolean[]> {
    return this.#ask((unitId) => readBits(2, unitId, address, quantity), options);
  }

  /** Function 3: `quantity` holding registers (1 to 125) from `address` on, each 0 to 65,535. */
  readHoldingRegisters(
    address: number,
    quantity: number,
    options?: CallOptions,
  ): Promise<number[]> {
    return this.#ask((unitId) => readRegisters(3, unitId, address, quantity), options);
  }

  /** Function 4: `quantity` input registers (1 to 125) from `address` on, each 0 to 65,535. */
  readInputRegisters(address: number, quantity: number, options?: CallOptions): Promise<number[]> {
    return this.#ask((unitId) => readRegisters(4, unitId, address, quantity), options);
  }

  /** Function 5: one coil. */
  writeCoil(address: number, value: boolean, options?: CallOptions): Promise<void> {
    return this.#ask((unitId) => writeCoil(unitId, address, value), options);
  }

  /** Function 6: one holding register, 0 to 65,535. */
  writeRegister(address: number, value: number, options?: CallOptions): Promise<void> {
    return this.#ask((unitId) => writeRegister(unitId, address, value), options);
  }

  /** Function 15: coils (1 to 1,968) from `address` on. */
  writeCoils(address: number, values: readonly boolean[], options?: CallOptions): Promise<void> {
    return this.#ask((unitId) => writeCoils(unitId, address, values), options);
  }

  /** Function 16: holding registers (1 to 123) from `address` on. */
  writeRegisters(address: number, values: readonly number[], options?: CallOptions): Promise<void> {
    return this.#ask((unitId) => writeRegisters(unitId, address, values), options);
  }

  /** Function 17: what the device calls itself, and whether it runs; each maker has a layout of its own. */
  reportServerId(options?: CallOptions): Promise<Buffer> {
    return this.#ask((unitId) => reportServerId(unitId), options);
  }

  /** Function 20: registers of files, the list of each span. All spans together fit into one answer: 245 bytes, 2 for each. */
  readFileRecords(spans: readonly FileRecordSpan[], options?: CallOptions): Promise<number[][]> {
    return this.#ask((unitId) => readFileRecords(unitId, spans), options);
  }

  /** Function 21: registers of files. All together fit into one request: 251 bytes, 7 for each record. */
  writeFileRecords(records: readonly FileRecord[], options?: CallOptions): Promise<void> {
    return this.#ask((unitId) => writeFileRecords(unitId, records), options);
  }

  /** Function 22: the device sets a register to (its value AND `andMask`) OR (`orMask` AND NOT `andMask`). */
  maskWriteRegister(
    address: number,
    andMask: number,
    orMask: number,
    options?: CallOptions,
  ): Promise<void> {
    return this.#ask((unitId) => maskWriteRegister(unitId, address, andMask, orMask), options);
  }

  /** Function 23: the device writes `values` (1 to 121) from `writeAddress` on, then reads `quantity` registers (1 to 125). */
  readWriteRegisters(
    readAddress: number,
    quantity: number,
    writeAddress: number,
    values: readonly number[],
    options?: CallOptions,
  ): Promise<number[]> {
    return this.#ask(
      (unitId) => readWriteRegisters(unitId, readAddress, quantity, writeAddress, values),
      options,
    );
  }

  /** Function 24: the registers (31 at most) that wait in the queue at `address`; they stay in it. */
  readFifoQueue(address: number, options?: CallOptions): Promise<number[]> {
    return this.#ask((unitId) => readFifoQueue(unitId, address), options);
  }

  /**
   * Function 43/14: what the device says of itself, however many answers it takes.
   *
   * @param level - 1 the basic objects, 2 the regular ones, 3 all, 4 the one of `objectId` alone.
   * @param objectId - the object to begin with.
   */
  readDeviceIdentification(
    level: IdentificationLevel = 1,
    objectId: number = 0,
    options?: CallOptions,
  ): Promise<DeviceIdentification> {
    return this.#ask(
      (unitId) => readDeviceIdentification(unitId, level, objectId),
      options,
      ({ conformityLevel, objects }) => ({
        conformityLevel,
        objects: Object.fromEntries(objects),
      }),
    );
  }

  /**
   * Any other function (1 to 127), with the bytes (252 at most) that come after its code. On a serial line an answer whose
   * length the specification does not give ends with a silence of 25 ms.
   *
   * @returns the bytes of the answer after the function code.
   */
  request(
    functionCode: number,
    bytes: Uint8Array | readonly number[],
    options?: CallOptions,
  ): Promise<Buffer> {
    return this.#ask((unitId) => otherRequest(unitId, functionCode, bytes), options);
  }

  /**
   * The value that the registers from `address` on hold.
   *
   * @example
   * ```ts
   * const temperature = await plc.read(100, float32({ wordOrder: "little" }));
   * ```
   */
  read<Value>(address: number, type: RegisterType<Value>, options?: ReadOptions): Promise<Value> {
    const registers = options?.registers ?? "holding";
    const requestFor = (unitId: number) => {
      new Check(`read ${type.name}`).choice("registers", registers, ["holding", "input"]);
      return readRegisters(registers === "holding" ? 3 : 4, unitId, address, type.registers);
    };
    return this.#ask(requestFor, options, type.decode);
  }

  /** Has the holding registers from `address` on hold `value`: function 6 where it takes one, 16 where it takes more. */
  write<Value>(
    address: number,
    type: RegisterType<Value>,
    value: Value,
    options?: WriteOptions,
  ): Promise<void> {
    const registers: unknown = options?.registers ?? "holding";
    return this.#ask((unitId) => {
      if (registers !== "holding") {
        const rule = '"holding", as no others can be written';
        new Check(`write ${type.name}`).refuse("registers", rule, registers, "string");
      }
      const words = type.encode(value);
      return words.length === 1
        ? writeRegister(unitId, address, words[0]!)
        : writeRegisters(unitId, address, words);
    }, options);
  }

  /** Queues a valid request; the promise may be ignored. */
  protected abstract send(
    request: ModbusRequest,
    options: CallOptions | undefined,
  ): Promise<ModbusAnswer>;

  /** The promise may be ignored when the request fails later, as the mailbox's; not when it never was a valid one. */
  #ask<Request extends ModbusRequest>(
    requestFor: (unitId: number) => Request,
    options: CallOptions | undefined,
  ): Promise<ModbusAnswer<Request>>;
  #ask<Request extends ModbusRequest, Value>(
    requestFor: (unitId: number) => Request,
    options: CallOptions | undefined,
    valueOf: (answer: ModbusAnswer<Request>) => Value,
  ): Promise<Value>;
  #ask(
    requestFor: (unitId: number) => ModbusRequest,
    options: CallOptions | undefined,
    valueOf?: (answer: never) => unknown,
  ): Promise<unknown> {
    let answer: Promise<ModbusAnswer>;
    try {
      answer = this.send(requestFor(this.unitId), options);
    } catch (error) {
      return Promise.reject(error);
    }
    if (valueOf === undefined) return answer;
    const value = answer.then(valueOf as (answer: ModbusAnswer) => unknown);
    value.catch(ignore);
    return value;
  }
}

function ignore(): void {}
