import { meterSheet } from "../energy/meter.ts";
import { ratedPower } from "./heater-memory.ts";
import type { Input, Memory } from "./modbus/memory.ts";
import type { Tank } from "./tank.ts";

/** Watts of all else in the building, and by how much that varies at most, either way. */
const baseLoad = 350;
const swing = 50;

/** The memory of the meter of the building that the heater and the pumps of `tank` are in; `random` is from 0 to 1. */
export function meterMemory(tank: Tank, random: () => number = Math.random): Memory {
  const value = Buffer.alloc(4);
  const measure = (): void => {
    const load = baseLoad + (random() * 2 - 1) * swing;
    const pumps = tank.circulation.power() + tank.supply.power();
    value.writeFloatBE(load + pumps + (tank.heating ? ratedPower : 0));
  };
  const inputRegisters: Input<number>[] = [];
  // Both halves are of one measurement, which the first of them takes.
  inputRegisters[meterSheet.inputRegisters.power] = {
    read: () => {
      measure();
      return value.readUInt16BE(0);
    },
  };
  inputRegisters[meterSheet.inputRegisters.power + 1] = { read: () => value.readUInt16BE(2) };
  return { coils: [], discreteInputs: [], holdingRegisters: [], inputRegisters };
}
