import { trigger } from "@sup/bus";
import { Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { createEnergy } from "../../src/energy/energy.ts";

describe("createEnergy", () => {
  it("tells what an hour costs, as soon as power and price are known", async () => {
    const watts = Promise.withResolvers<number>();
    const price = trigger("price", (_: number) => {});
    const { power, cost } = createEnergy({ readPower: () => watts.promise }, price);
    const supervisor = new Supervisor("energy", { actors: [price, power, cost] });
    onTestFinished(() => supervisor.stop());
    supervisor.start();
    expect(cost.read()).toBeUndefined();
    await price.write(0.31);
    expect(cost.read()).toBeUndefined();
    watts.resolve(2_350);
    await expect.poll(() => cost.read()).toBe(0.729);
    await price.write(0.2);
    expect(cost.read()).toBe(0.47);
  });
});
