import { describe, expect, it } from "vitest";
import { heaterMemory } from "../../src/devices/heater-memory.ts";
import { Tank } from "../../src/devices/tank.ts";
import { dataSheet } from "../../src/heater/data-sheet.ts";

const { coils, discreteInputs, inputRegisters, holdingRegisters } = dataSheet;

describe("heaterMemory", () => {
  it("has the switch of the heater as a coil", () => {
    const { tank, memory } = heater();
    const coil = memory.coils[coils.heater]!;
    expect(coil.read()).toBe(false);
    coil.write(true);
    expect(tank.heating).toBe(true);
    expect(coil.read()).toBe(true);
  });

  it("has the power that the heater draws", () => {
    const { tank, memory } = heater();
    const power = memory.inputRegisters[inputRegisters.power]!;
    expect(power.read()).toBe(0);
    tank.switch(true);
    expect(power.read()).toBe(2_000);
  });

  it("has the temperature in tenths of a degree, off by at most 0.1 °C", () => {
    const temperature = ({ memory }: ReturnType<typeof heater>) =>
      memory.inputRegisters[inputRegisters.temperature]!.read();
    expect(temperature(heater({ random: 0 }))).toBe(539);
    expect(temperature(heater({ random: 0.5 }))).toBe(540);
    expect(temperature(heater({ random: 1 }))).toBe(541);
  });

  it("says that it is too hot above 90 °C", () => {
    const { tank, memory, wait } = heater();
    const tooHot = memory.discreteInputs[discreteInputs.tooHot]!;
    expect(tooHot.read()).toBe(false);
    tank.switch(true);
    tank.circulation.run(1);
    wait(3_600);
    expect(tooHot.read()).toBe(true);
  });

  it("keeps notes in eight registers", () => {
    const { memory } = heater();
    expect(memory.holdingRegisters).toHaveLength(8);
    const note = memory.holdingRegisters[holdingRegisters.notes]!;
    expect(note.read()).toBe(0);
    note.write(4_711);
    expect(note.read()).toBe(4_711);
    expect(memory.holdingRegisters[holdingRegisters.notes + 1]!.read()).toBe(0);
  });
});

function heater({ random = 0.5 } = {}) {
  let time = 0;
  const tank = new Tank({ speed: 1, now: () => time });
  const wait = (seconds: number): void => void (time += seconds * 1_000);
  return { tank, memory: heaterMemory(tank, () => random), wait };
}
