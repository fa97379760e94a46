import { describe, expect, it } from "vitest";
import { WaterPump } from "../../src/devices/water-pump.ts";

describe("WaterPump", () => {
  it("turns at once when it is told to, and the water follows", () => {
    const { pump, pass } = pumpWithClock();
    pump.run(0.5);
    expect(pump.speed).toBe(0.5);
    expect(pump.flow()).toBe(0);
    pass(1.5);
    expect(pump.flow()).toBeCloseTo(20 * (1 - 1 / Math.E));
    pass(60);
    expect(pump.flow()).toBeCloseTo(20);
  });

  it("goes on from the flow that there is when its speed is changed", () => {
    const { pump, pass } = pumpWithClock();
    pump.run(1);
    pass(60);
    pump.run(0.5);
    expect(pump.flow()).toBeCloseTo(40);
    pass(1.5);
    expect(pump.flow()).toBeCloseTo(20 + 20 / Math.E);
  });

  it("takes an eighth of the power at half the speed", () => {
    const { pump } = pumpWithClock();
    expect(pump.power()).toBe(0);
    pump.run(1);
    expect(pump.power()).toBe(120);
    pump.run(0.5);
    expect(pump.power()).toBe(15);
  });

  it("stands still when its motor has tripped, until that is acknowledged and it is told to run", () => {
    const { pump, pass } = pumpWithClock();
    pump.run(1);
    pump.trip();
    expect([pump.tripped, pump.speed]).toEqual([true, 0]);
    pump.run(1);
    expect(pump.speed).toBe(0);
    pass(5);
    pump.acknowledge();
    expect([pump.tripped, pump.speed]).toEqual([false, 0]);
    pump.run(1);
    expect(pump.speed).toBe(1);
  });

  it("cannot be acknowledged while its motor is hot", () => {
    const { pump, pass } = pumpWithClock();
    pump.trip();
    pass(4.9);
    pump.acknowledge();
    expect(pump.tripped).toBe(true);
    pass(0.2);
    pump.acknowledge();
    expect(pump.tripped).toBe(false);
  });

  it("tells before each change, and not of what changes nothing", () => {
    const { pump, speeds } = pumpWithClock();
    pump.run(1);
    pump.run(0.5);
    pump.trip();
    pump.run(1);
    expect(speeds).toEqual([0, 1, 0.5]);
  });
});

/** `speeds`: those before each change. */
function pumpWithClock() {
  let time = 1_000;
  const speeds: number[] = [];
  const pump: WaterPump = new WaterPump({
    ratedFlow: 40,
    ratedPower: 120,
    now: () => time,
    beforeChange: () => void speeds.push(pump.speed),
  });
  return { pump, speeds, pass: (seconds: number) => void (time += seconds) };
}
