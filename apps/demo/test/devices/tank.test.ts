import { describe, expect, it } from "vitest";
import { approach, Tank } from "../../src/devices/tank.ts";

describe("approach", () => {
  it("stays where it is when no time passes or the balance is reached", () => {
    expect(approach(54, 95, 0)).toBe(54);
    expect(approach(20, 20, 1_000)).toBe(20);
  });

  it("gets ever closer to the balance, and never past it", () => {
    expect(approach(20, 95, 60)).toBeCloseTo(95 - 75 / Math.E);
    expect(approach(20, 95, 1e9)).toBe(95);
    expect(approach(95, 20, 1e9)).toBe(20);
  });

  it("is the same for one long step and for many short ones", () => {
    let temperature = 54;
    for (let step = 0; step < 1_000; step++) temperature = approach(temperature, 95, 0.05);
    expect(temperature).toBeCloseTo(approach(54, 95, 50), 9);
  });
});

describe("Tank", () => {
  it("cools at first, warms when the heater is on, and cools again when it is off", () => {
    const { tank, pass } = tankWithClock(1);
    expect(tank.temperature()).toBe(54);
    const cooled = pass(10);
    expect(cooled).toBeLessThan(54);
    tank.switch(true);
    const warmed = pass(10);
    expect(warmed).toBeGreaterThan(cooled);
    tank.switch(false);
    expect(pass(10)).toBeLessThan(warmed);
  });

  it("counts the time before a switching to what was before it", () => {
    const { tank, pass } = tankWithClock(1);
    tank.switch(true);
    expect(pass(10)).toBeCloseTo(approach(54, 95, 10));
    tank.switch(false);
    expect(tank.temperature()).toBeCloseTo(approach(54, 95, 10));
  });

  it("lives `speed` times as fast as the clock", () => {
    expect(tankWithClock(20).pass(3)).toBeCloseTo(tankWithClock(1).pass(60));
  });
});

function tankWithClock(speed: number): { tank: Tank; pass: (seconds: number) => number } {
  let time = 1_000;
  const tank = new Tank({ speed, now: () => time });
  return {
    tank,
    pass(seconds) {
      time += seconds * 1_000;
      return tank.temperature();
    },
  };
}
