import type { CallOptions } from "@sup/core";
import type { ModbusActor } from "@sup/modbus";
import { dataSheet } from "./data-sheet.ts";

/** What the heater said, and when. */
export interface Reading {
  readonly celsius: number;
  readonly heating: boolean;
  /** When it was read, in epoch milliseconds. */
  readonly at: number;
  /** Milliseconds that the reading took, a wait for the connection included. */
  readonly took: number;
}

/** Milliseconds after which a reading says nothing about now. */
export const staleAfter = 3_000;

/** The heater in terms of its plant: no register number and no scale is needed beyond this file. */
export class Heater {
  readonly #modbus: ModbusActor;

  constructor(modbus: ModbusActor) {
    this.#modbus = modbus;
  }

  async read(options: CallOptions): Promise<Reading> {
    const { coils, inputRegisters } = dataSheet;
    const start = performance.now();
    const [[tenths = NaN], [heating = false]] = await Promise.all([
      this.#modbus.readInputRegisters(inputRegisters.temperature, 1, options),
      this.#modbus.readCoils(coils.heater, 1, options),
    ]);
    const took = Math.round(performance.now() - start);
    return { celsius: toSigned(tenths) / 10, heating, at: Date.now(), took };
  }

  async switch(on: boolean, options: CallOptions): Promise<void> {
    await this.#modbus.writeCoil(dataSheet.coils.heater, on, options);
  }
}

/** Registers are unsigned on the wire; the data sheet's temperature is in two's complement. */
function toSigned(register: number): number {
  return register < 0x8000 ? register : register - 0x10000;
}
