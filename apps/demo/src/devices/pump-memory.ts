import { pumpSheet } from "../pumps/pump.ts";
import { type Cell, type Input, type Memory, table } from "./modbus/memory.ts";
import type { WaterPump } from "./water-pump.ts";

const { inputRegisters, holdingRegisters } = pumpSheet;
/** Of speed, in tenths of a percent. */
const full = 1_000;

/** The memory of a pump's drive, as its sheet says. */
export function pumpMemory(pump: WaterPump): Memory {
  return {
    coils: [],
    discreteInputs: [],
    inputRegisters: table<Input<number>>({
      [inputRegisters.speed]: { read: () => Math.round(pump.speed * full) },
      [inputRegisters.flow]: { read: () => Math.round(pump.flow() * 10) },
      [inputRegisters.fault]: { read: () => (pump.tripped ? 1 : 0) },
    }),
    holdingRegisters: table<Cell<number>>({
      [holdingRegisters.setPoint]: {
        read: () => Math.round(pump.speed * full),
        write: (value) => pump.run(Math.min(value, full) / full),
      },
      [holdingRegisters.acknowledge]: {
        read: () => 0,
        write: (value) => value === 1 && pump.acknowledge(),
      },
    }),
  };
}
