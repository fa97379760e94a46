import { Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { troublesOf } from "../../src/devices/troubles.ts";
import { createWeather } from "../../src/weather/weather.ts";

describe("createWeather", () => {
  it("takes the temperature from the demo's own station", async () => {
    const { next } = start(undefined);
    const first = await next();
    expect(first).toBeGreaterThan(2);
    expect(first).toBeLessThan(14);
    expect(await next()).toBeCloseTo(first!, 0);
  });

  it("starts the station again when it crashes", async () => {
    const { next, failed, sidecar } = start(undefined);
    await next();
    const { pid } = sidecar;
    const crash = troublesOf({
      simulator: undefined,
      priceServer: undefined,
      alarmServer: undefined,
      historian: { cast: () => undefined },
      sidecar,
    }).find(({ text }) => text.includes("sidecar"));
    crash!.begin();
    await expect(failed).resolves.toMatchObject({ code: "EXEC_EXIT", signal: "SIGKILL" });
    await next();
    expect(sidecar.pid).not.toBe(pid);
  });

  it("runs a command of somebody else, by the shell", async () => {
    const { next, outdoor } = start(
      "printf '%s\\n' -2.5 '' warm; echo 9 >&2; echo $((20 + 1)); cat",
    );
    expect(await next()).toBe(-2.5);
    expect(await next()).toBe(21);
    expect(outdoor.status()).toMatchObject({ value: 21, error: undefined });
  });

  it("shows in the status that a line is no temperature", async () => {
    const { next, outdoor } = start("echo 7; echo warm; cat");
    await next();
    await expect.poll(() => outdoor.status().error?.message).toBe("A line was no number");
    expect(outdoor.read()).toBe(7);
  });
});

function start(command: string | undefined) {
  const weather = createWeather(command);
  const { outdoor, sidecar } = weather;
  const failed = Promise.withResolvers<Error>();
  const supervisor = new Supervisor("weather", {
    actors: [outdoor, sidecar],
    policy: "permanent",
    startup: "ordered",
    restartDelay: 20,
    onError: (_, error) => failed.resolve(error),
  });
  onTestFinished(() => supervisor.stop());
  const temperatures = outdoor.subscribe()[Symbol.asyncIterator]();
  supervisor.start();
  return {
    ...weather,
    failed: failed.promise,
    /** The next temperature. */
    next: async () => (await temperatures.next()).value,
  };
}
