import type { CallOptions } from "@sup/core";
import { float32, type ModbusUnit } from "@sup/modbus";

/** What the meter has at its Modbus addresses. */
export const meterSheet = {
  inputRegisters: {
    /** Power that the building draws, in watts: a float32 in two registers, the higher one first. */
    power: 0,
  },
} as const;

/** The meter of the building's electricity. */
export class Meter {
  readonly #unit: ModbusUnit;

  constructor(unit: ModbusUnit) {
    this.#unit = unit;
  }

  /** Watts. */
  async readPower(options: CallOptions): Promise<number> {
    const { power } = meterSheet.inputRegisters;
    return this.#unit.read(power, float32(), { ...options, registers: "input" });
  }
}
