import { dataSheet } from "../heater/data-sheet.ts";
import { type Cell, type Input, type Memory, table } from "./modbus/memory.ts";
import type { Tank } from "./tank.ts";

/** Watts. */
export const ratedPower = 2_000;
/** Degrees Celsius. */
const tooHot = 90;
/** Degrees by which the sensor is off at most, either way. */
const noise = 0.1;

const { coils, discreteInputs, holdingRegisters, inputRegisters } = dataSheet;

/** The memory of the heater's electronics on `tank`, as the data sheet says; `random` is from 0 to 1. */
export function heaterMemory(tank: Tank, random: () => number = Math.random): Memory {
  const sensed = (): number => tank.temperature() + (random() * 2 - 1) * noise;
  return {
    coils: table<Cell<boolean>>({
      [coils.heater]: { read: () => tank.heating, write: (on) => tank.switch(on) },
    }),
    discreteInputs: table<Input<boolean>>({
      [discreteInputs.tooHot]: { read: () => tank.temperature() > tooHot },
    }),
    inputRegisters: table<Input<number>>({
      [inputRegisters.temperature]: { read: () => Math.round(sensed() * 10) & 0xffff },
      [inputRegisters.power]: { read: () => (tank.heating ? ratedPower : 0) },
    }),
    holdingRegisters: table<Cell<number>>(
      Object.fromEntries(
        Array.from({ length: 8 }, (_, index) => [holdingRegisters.notes + index, note()]),
      ),
    ),
  };
}

function note(): Cell<number> {
  let value = 0;
  return { read: () => value, write: (written) => (value = written) };
}
