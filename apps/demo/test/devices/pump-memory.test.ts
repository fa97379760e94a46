import { describe, expect, it } from "vitest";
import { pumpMemory } from "../../src/devices/pump-memory.ts";
import { WaterPump } from "../../src/devices/water-pump.ts";
import { pumpSheet } from "../../src/pumps/pump.ts";

const { inputRegisters, holdingRegisters } = pumpSheet;

describe("pumpMemory", () => {
  it("has speed and flow in tenths, and follows the set-point", () => {
    const { read, write, wait } = drive();
    expect(read()).toEqual({ speed: 0, flow: 0, fault: 0, setPoint: 0 });
    write("setPoint", 505);
    wait(60);
    expect(read()).toEqual({ speed: 505, flow: 202, fault: 0, setPoint: 505 });
  });

  it("takes more than full speed for full speed", () => {
    const { read, write } = drive();
    write("setPoint", 65_535);
    expect(read()).toMatchObject({ speed: 1_000, setPoint: 1_000 });
  });

  it("has a fault until 1 is written to acknowledge it", () => {
    const { pump, read, write, wait } = drive();
    pump.trip();
    wait(10);
    expect(read()).toMatchObject({ fault: 1, setPoint: 0 });
    write("acknowledge", 0);
    expect(read()).toMatchObject({ fault: 1 });
    write("acknowledge", 1);
    expect(read()).toMatchObject({ fault: 0 });
  });
});

function drive() {
  let time = 0;
  const pump = new WaterPump({
    ratedFlow: 40,
    ratedPower: 120,
    now: () => time,
    beforeChange: () => {},
  });
  const memory = pumpMemory(pump);
  const input = (name: keyof typeof inputRegisters) =>
    memory.inputRegisters[inputRegisters[name]]!.read();
  return {
    pump,
    read: () => ({
      speed: input("speed"),
      flow: input("flow"),
      fault: input("fault"),
      setPoint: memory.holdingRegisters[holdingRegisters.setPoint]!.read(),
    }),
    write: (name: keyof typeof holdingRegisters, value: number) =>
      memory.holdingRegisters[holdingRegisters[name]]!.write(value),
    wait: (seconds: number) => void (time += seconds),
  };
}
