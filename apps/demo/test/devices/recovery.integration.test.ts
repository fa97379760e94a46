import { Supervisor } from "@sup/core";
import { ModbusActor } from "@sup/modbus";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSimulator, type Fault, units } from "../../src/devices/simulator.ts";
import { Tank, type TankOptions } from "../../src/devices/tank.ts";
import { Meter } from "../../src/energy/meter.ts";
import { Heater } from "../../src/heater/heater.ts";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";
import { Pump } from "../../src/pumps/pump.ts";

const patience = { timeout: 5_000 };

describe("createSimulator", () => {
  it("is read and switched over Modbus", async () => {
    const { heater } = await plant({ now: () => 0 });
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

  it("has two pumps behind the same connection, whose flow follows their speed", async () => {
    const { circulation, supply } = await plant();
    await circulation.run(50, patience);
    expect(await circulation.read(patience)).toMatchObject({ speed: 50, tripped: false });
    await expect
      .poll(async () => (await circulation.read(patience)).flow, { timeout: 5_000 })
      .toBeGreaterThan(5);
    expect(await supply.read(patience)).toEqual({ speed: 0, flow: 0, tripped: false });
  });

  it("is read below 0 °C, too", async () => {
    const { heater, tank } = await plant();
    tank.temperature = () => -3.2;
    expect((await heater.read(patience)).celsius).toBeCloseTo(-3.2, 0);
  });

  it("stands still with a motor that has tripped, until it has cooled and that is acknowledged", async () => {
    const { circulation, suffer } = await plant({ speed: 50 });
    await circulation.run(100, patience);
    await suffer("trip");
    expect(await circulation.read(patience)).toMatchObject({ speed: 0, tripped: true });
    const isReady = async (): Promise<boolean> => {
      await circulation.acknowledge(patience);
      return !(await circulation.read(patience)).tripped;
    };
    await expect.poll(isReady).toBe(true);
    await circulation.run(100, patience);
    expect(await circulation.read(patience)).toMatchObject({ speed: 100 });
  });

  it("has a unit that does not answer while the others do, when that is silenced", async () => {
    const { circulation, supply, simulator, suffer } = await plant();
    await suffer("silence");
    await expect(supply.read(patience)).rejects.toMatchObject({ code: "MODBUS_TIMEOUT" });
    await circulation.read(patience);
    await simulator.cast("recover");
    await supply.read(patience);
  });

  it("breaks its connections and lives on, when they are reset", async () => {
    const { heater, suffer, connected, events } = await plant();
    await heater.switch(true, patience);
    await suffer("reset");
    await connected();
    expect(await heater.read(patience)).toMatchObject({ heating: true });
    expect(events).toEqual(["modbus failed", "modbus ready"]);
  });

  it("takes its connection along and comes back with heater and pumps off, when its power is cut", async () => {
    const { heater, supply, suffer, connected, events } = await plant();
    await heater.switch(true, patience);
    await supply.run(100, patience);
    await suffer("power cut");
    await connected();
    expect(await heater.read(patience)).toMatchObject({ heating: false });
    expect(await supply.read(patience)).toMatchObject({ speed: 0 });
    // It is started again and again, and fails until there is power.
    const told = events.filter((event, index) => event !== events[index - 1]);
    expect(told).toEqual([
      "simulator failed",
      "modbus stopped",
      "simulator failed",
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
});

/** The simulator and a Modbus connection to it, both ready. */
async function plant({ speed = 1, now }: Partial<TankOptions> = {}) {
  const port = await freePort();
  const tank = new Tank({ speed, ...(now && { now }) });
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
    meter: new Meter(modbus.unit(units.meter)),
    circulation: new Pump(modbus.unit(units.circulation)),
    supply: new Pump(modbus.unit(units.supply)),
    tank,
    simulator,
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
