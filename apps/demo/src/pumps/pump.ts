import type { CallOptions } from "@sup/core";
import type { ModbusUnit } from "@sup/modbus";

/** What a pump's drive has at its Modbus addresses. */
export const pumpSheet = {
  inputRegisters: {
    /** Speed in tenths of a percent. */
    speed: 0,
    /** Flow in tenths of a litre a minute. */
    flow: 1,
    /** 0, or 1 when the motor has tripped and waits to be acknowledged. */
    fault: 2,
  },
  holdingRegisters: {
    /** Speed to run at, in tenths of a percent; 0 after power-up and after a fault. */
    setPoint: 0,
    /** 1 written acknowledges a fault; it stays while the motor is hot. */
    acknowledge: 1,
  },
} as const;

/** What a pump said. */
export interface PumpReading {
  /** Percent. */
  readonly speed: number;
  /** Litres a minute. */
  readonly flow: number;
  readonly tripped: boolean;
}

/** A pump in terms of its plant. */
export class Pump {
  readonly #unit: ModbusUnit;

  constructor(unit: ModbusUnit) {
    this.#unit = unit;
  }

  async read(options: CallOptions): Promise<PumpReading> {
    const [speed = NaN, flow = NaN, fault] = await this.#unit.readInputRegisters(
      pumpSheet.inputRegisters.speed,
      3,
      options,
    );
    return { speed: speed / 10, flow: flow / 10, tripped: fault !== 0 };
  }

  /** @param percent The speed to run at, 0 to 100. */
  async run(percent: number, options: CallOptions): Promise<void> {
    const { setPoint } = pumpSheet.holdingRegisters;
    await this.#unit.writeRegister(setPoint, Math.round(percent * 10), options);
  }

  async acknowledge(options: CallOptions): Promise<void> {
    await this.#unit.writeRegister(pumpSheet.holdingRegisters.acknowledge, 1, options);
  }
}
