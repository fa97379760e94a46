import { describe, expect, it } from "vitest";
import { meterMemory } from "../../src/devices/meter-memory.ts";
import { Tank } from "../../src/devices/tank.ts";

describe("meterMemory", () => {
  it("has the power of the building with that of the heater and the pumps, as a float32", () => {
    const tank = new Tank({ speed: 1, now: () => 0 });
    expect(power(tank, 0)).toBe(300);
    expect(power(tank, 0.5)).toBe(350);
    tank.switch(true);
    expect(power(tank, 0.5)).toBe(2_350);
    tank.circulation.run(1);
    tank.supply.run(1);
    expect(power(tank, 0.5)).toBe(2_560);
  });

  it("has both halves from one measurement", () => {
    let random = 0.5;
    const tank = new Tank({ speed: 1, now: () => 0 });
    const { inputRegisters } = meterMemory(tank, () => random);
    const high = inputRegisters[0]!.read();
    random = 0.6;
    expect(floatOf(high, inputRegisters[1]!.read())).toBe(350);
  });
});

function power(tank: Tank, random: number): number {
  const { inputRegisters } = meterMemory(tank, () => random);
  return floatOf(inputRegisters[0]!.read(), inputRegisters[1]!.read());
}

function floatOf(high: number, low: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(high, 0);
  bytes.writeUInt16BE(low, 2);
  return bytes.readFloatBE();
}
