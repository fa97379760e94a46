import { main, Supervisor } from "@sup/core";
import { ModbusActor } from "@sup/modbus";
import { createPoller } from "./control/poller.ts";
import { createThermostat } from "./control/thermostat.ts";
import { createChaos } from "./devices/chaos.ts";
import { createSimulator } from "./devices/simulator.ts";
import { Tank } from "./devices/tank.ts";
import { Heater } from "./heater/heater.ts";
import { createHttp } from "./http/http.ts";
import { launch } from "./launch/launch.ts";
import type { Settings } from "./launch/settings.ts";
import type { Journal } from "./terminal/journal.ts";

await launch((settings, journal) =>
  main(gateway(settings, journal), { signals: ["SIGINT", "SIGTERM", "SIGHUP"] }),
);

/** The whole gateway: who is there, who goes down with whom, how soon and how often it is started again. */
function gateway({ port, address, simulation }: Settings, journal: Journal): Supervisor {
  const simulator = simulation && createSimulator(new Tank(simulation), address.port);
  const modbus = new ModbusActor("modbus", {
    transport: "tcp",
    ...address,
    timeout: 500,
    connectTimeout: 2_000,
  });
  const heater = new Heater(modbus);
  const thermostat = createThermostat(heater, { low: 58, high: 62 });
  const poller = createPoller(heater, thermostat);

  // A device that was started anew needs a new connection: who comes later depends on who came before.
  // There is no limit to restarts: in the field a device may be away for weeks, and is welcome when it is back.
  const device = new Supervisor("device", {
    actors: simulator === undefined ? [modbus] : [simulator, modbus],
    policy: "permanent",
    strategy: "rest-for-one",
    startup: "ordered",
    restartDelay: { initial: 500, max: 10_000, resetAfter: 5_000 },
  });

  // A device that does not answer crashes nobody here. What does crash is tried afresh, and after that is for those above.
  const control = new Supervisor("control", {
    actors: [thermostat, poller],
    policy: "permanent",
    restartDelay: { initial: 200, max: 5_000 },
    restartLimit: { maxRestarts: 3, window: 60_000 },
  });

  // Stopped in reverse order: the thermostat can still switch the heater off.
  const root: Supervisor = new Supervisor("gateway", {
    actors: [device, control, createHttp({ port, thermostat, tree: () => root.snapshot() })],
    policy: "permanent",
    restartDelay: { initial: 500, max: 10_000 },
    restartLimit: { maxRestarts: 3, window: 60_000 },
    ...journal,
  });
  if (simulator !== undefined && simulation?.chaos === true) root.spawn(createChaos(simulator));
  return root;
}
