import { trigger } from "@sup/bus";
import { Supervisor } from "@sup/core";
import { ModbusTimeoutError } from "@sup/modbus";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createPumps } from "../../src/pumps/pumps.ts";
import { recordingLogger } from "../recording-logger.ts";

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

describe("createPumps", () => {
  it("drives the water past the heater as fast as that heats, and to the building as it is cold", async () => {
    const { circulation, supply, heating, outdoor, seconds } = start();
    await seconds(1);
    expect([circulation.told, supply.told]).toEqual([["run 40"], ["run 50"]]);
    await heating.write(true);
    await outdoor.write(-4);
    await seconds(2);
    expect(circulation.told).toEqual(["run 40", "run 100"]);
    expect(supply.told).toEqual(["run 50", "run 100"]);
  });

  it("tells a drive again that has forgotten what it was told", async () => {
    const { supply, seconds } = start();
    await seconds(2);
    supply.state.speed = 0;
    await seconds(1);
    expect(supply.told).toEqual(["run 50", "run 50"]);
  });

  it("acknowledges a motor that has tripped until it may run again, and shows it meanwhile", async () => {
    const { circulation, seconds, speed, lines } = start();
    await seconds(2);
    circulation.state.speed = 0;
    circulation.state.tripped = true;
    await seconds(2);
    expect(speed.status()).toMatchObject({
      value: 40,
      error: { message: "The motor has tripped" },
    });
    expect(circulation.told).toEqual(["run 40", "acknowledge", "acknowledge"]);
    circulation.state.tripped = false;
    await seconds(1);
    expect(circulation.told.at(-1)).toBe("run 40");
    expect(speed.status()).toMatchObject({ value: 40, error: undefined });
    expect(lines.filter((line) => line.startsWith("info runs at 40"))).toHaveLength(2);
  });

  it("tells that a reading is stale when a pump is silent, and that of the other is not", async () => {
    const { supply, seconds, readings } = start();
    await seconds(2);
    supply.state.trouble = new ModbusTimeoutError("no answer");
    await seconds(4);
    expect(readings().map(({ stale }) => stale)).toEqual([false, true]);
    expect(readings()[1]).toMatchObject({ error: supply.state.trouble, value: { speed: 50 } });
    supply.state.trouble = undefined;
    await seconds(1);
    expect(readings()[1]).toMatchObject({ error: undefined, stale: false });
  });

  it("is nothing where there are no pumps, and one where there is one", () => {
    const cause = trigger("cause", (_: never) => {});
    const logger = recordingLogger([]);
    const supply = puppetPump();
    expect(
      createPumps({ circulation: undefined, supply: undefined }, cause, cause, logger),
    ).toEqual([]);
    const [only, ...rest] = createPumps({ circulation: undefined, supply }, cause, cause, logger);
    expect(only?.flow.name).toBe("supply-flow");
    expect(rest).toEqual([]);
  });
});

function start() {
  const lines: string[] = [];
  const logger = recordingLogger(lines);
  const circulation = puppetPump();
  const supply = puppetPump();
  const heating = trigger("heater", (_: boolean) => {});
  const outdoor = trigger("outdoor", (_: number) => {});
  const pumps = createPumps({ circulation, supply }, heating, outdoor, logger);
  const supervisor = new Supervisor("pumps", {
    actors: [heating, outdoor, ...pumps.flatMap((pump) => Object.values(pump))],
    logger,
  });
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  return {
    circulation,
    supply,
    heating,
    outdoor,
    lines,
    /** The speed of the circulation pump. */
    speed: pumps[0]!.speed,
    readings: () => pumps.map(({ reading }) => reading.status()),
    seconds: (count: number) => vi.advanceTimersByTimeAsync(count * 1_000),
  };
}

/** A pump that does what it is told, and keeps what that was. */
function puppetPump() {
  const told: string[] = [];
  const state = { speed: 0, tripped: false, trouble: undefined as Error | undefined };
  return {
    told,
    state,
    async read() {
      if (state.trouble !== undefined) throw state.trouble;
      return { speed: state.speed, flow: state.speed / 4, tripped: state.tripped };
    },
    async run(percent: number) {
      told.push(`run ${percent}`);
      state.speed = percent;
    },
    async acknowledge() {
      told.push("acknowledge");
    },
  };
}
