import { Supervisor } from "@sup/core";
import { ModbusActor } from "@sup/modbus";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSimulator, type Fault, meterId } from "../../src/devices/simulator.ts";
import { Tank } from "../../src/devices/tank.ts";
import { Meter } from "../../src/energy/meter.ts";
import { Heater } from "../../src/heater/heater.ts";
import { firstFreePort } from "../../src/launch/port.ts";

const patience = { timeout: 5_000 };

describe("createSimulator", () => {
  it("is read and switched over Modbus", async () => {
    const { heater } = await plant();
    expect(await heater.read(patience)).toMatchObject({ heating: false });
    await heater.switch(true, patience);
    expect(await heater.read(patience)).toMatchObject({
      celsius: expect.closeTo(54, 0),
      heating: true,
    });
  });

  it("has a meter behind the same connection, which tells what the heater draws", async () => {
    const { heater, meter } = await plant();
    expect(await meter.readPower(patience)).toBeCloseTo(350, -2.1);
    await heater.switch(true, patience);
    expect(await meter.readPower(patience)).toBeCloseTo(2_350, -2.1);
  });

  it("is read below 0 °C, too", async () => {
    const { heater, tank } = await plant();
    tank.temperature = () => -3.2;
    expect((await heater.read(patience)).celsius).toBeCloseTo(-3.2, 0);
  });

  it("breaks its connections and lives on, when they are reset", async () => {
    const { heater, suffer, connected, events } = await plant();
    await heater.switch(true, patience);
    await suffer("reset");
    await connected();
    expect(await heater.read(patience)).toMatchObject({ heating: true });
    expect(events).toEqual(["modbus failed", "modbus ready"]);
  });

  it("takes its connection along and comes back with the heater off, when its power is cut", async () => {
    const { heater, suffer, connected, events } = await plant();
    await heater.switch(true, patience);
    await suffer("power cut");
    await connected();
    expect(await heater.read(patience)).toMatchObject({ heating: false });
    expect(events).toEqual([
      "simulator failed",
      "modbus stopped",
      "simulator ready",
      "modbus ready",
    ]);
  });

  it("answers nothing while it hangs, and everything when it has recovered", async () => {
    const { heater, simulator, suffer } = await plant();
    await suffer("hang");
    await expect(heater.read(patience)).rejects.toMatchObject({ code: "MODBUS_TIMEOUT" });
    await simulator.cast("recover");
    await heater.read(patience);
  });

  it("answers late while it is slow", async () => {
    const { heater, suffer } = await plant();
    await suffer("slow");
    // Two requests, one after the other.
    expect((await heater.read(patience)).took).toBeGreaterThanOrEqual(790);
  });

  it("ends at once while it is slow", async () => {
    const { heater, supervisor, suffer } = await plant();
    await suffer("slow");
    const reading = heater.read(patience).catch(() => "given up");
    await supervisor.stop();
    expect(await reading).toBe("given up");
  });
});

/** The simulator and a Modbus connection to it, both ready. */
async function plant() {
  const port = await firstFreePort(15_200);
  const tank = new Tank({ speed: 1 });
  const simulator = createSimulator(tank, port);
  const modbus = new ModbusActor("modbus", {
    transport: "tcp",
    host: "127.0.0.1",
    port,
    timeout: 900,
  });
  const events: string[] = [];
  let isConnected = Promise.withResolvers<void>();
  const supervisor = new Supervisor("device", {
    actors: [simulator, modbus],
    policy: "permanent",
    strategy: "rest-for-one",
    startup: "ordered",
    restartDelay: 50,
    observer: {
      onActorReady({ name }) {
        events.push(`${name} ready`);
        if (name === "modbus") isConnected.resolve();
      },
      onActorStopped({ name }, error) {
        events.push(`${name} ${error === undefined ? "stopped" : "failed"}`);
      },
    },
  });
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  await isConnected.promise;
  return {
    heater: new Heater(modbus),
    meter: new Meter(modbus.unit(meterId)),
    tank,
    simulator,
    supervisor,
    events,
    /** Forgets what was, and brings a fault upon the device. */
    suffer: async (fault: Fault): Promise<void> => {
      events.length = 0;
      isConnected = Promise.withResolvers();
      await simulator.cast("suffer", fault);
    },
    /** Resolves when the connection is ready again. */
    connected: () => isConnected.promise,
  };
}
