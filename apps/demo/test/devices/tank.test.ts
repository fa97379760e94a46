import { describe, expect, it } from "vitest";
import { Tank } from "../../src/devices/tank.ts";

describe("Tank", () => {
  it("cools at first, warms when the heater is on, and cools again when it is off", () => {
    const { tank, pass } = circulatingTank();
    expect(tank.temperature()).toBe(54);
    const cooled = pass(10);
    expect(cooled).toBeLessThan(54);
    tank.switch(true);
    const warmed = pass(10);
    expect(warmed).toBeGreaterThan(cooled);
    tank.switch(false);
    expect(pass(10)).toBeLessThan(warmed);
  });

  it("cools to the ambient temperature, and not below it", () => {
    expect(circulatingTank().pass(3_600)).toBeCloseTo(20);
  });

  it("cools although the heater is on when no water is driven past that", () => {
    const { tank, pass } = tankWithClock();
    tank.supply.run(0.5);
    tank.switch(true);
    expect(pass(30)).toBeLessThan(54);
    tank.circulation.run(1);
    const coldest = tank.temperature();
    expect(pass(30)).toBeGreaterThan(coldest);
  });

  it("cools the faster, the more is supplied to the building", () => {
    const temperatures = [0, 0.5, 1].map((speed) => {
      const { tank, pass } = tankWithClock();
      tank.supply.run(speed);
      return pass(30);
    });
    expect(temperatures).toEqual(temperatures.toSorted((a, b) => b - a));
    expect(temperatures[0]! - temperatures[2]!).toBeGreaterThan(5);
  });

  it("counts the time before a change to what was before it", () => {
    const { tank, pass } = circulatingTank();
    const untouched = circulatingTank();
    pass(10);
    tank.switch(true);
    tank.supply.run(0);
    expect(tank.temperature()).toBeCloseTo(untouched.pass(10));
  });

  it("is the same whether it is looked at or not", () => {
    const watched = circulatingTank();
    const unwatched = circulatingTank();
    for (const { tank } of [watched, unwatched]) tank.switch(true);
    for (let look = 0; look < 300; look++) watched.pass(0.1);
    expect(watched.tank.temperature()).toBeCloseTo(unwatched.pass(30), 1);
  });

  it("lives `speed` times as fast as the clock", () => {
    expect(circulatingTank(20).pass(3)).toBeCloseTo(circulatingTank(1).pass(60));
  });
});

function circulatingTank(speed = 1) {
  const plant = tankWithClock(speed);
  plant.tank.circulation.run(1);
  return plant;
}

function tankWithClock(speed = 1): { tank: Tank; pass: (seconds: number) => number } {
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
