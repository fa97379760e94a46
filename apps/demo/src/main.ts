import { main, Supervisor } from "@sup/core";
import { ModbusActor } from "@sup/modbus";
import { createArchive } from "./archive/archive.ts";
import { createControl } from "./control/control.ts";
import { createChaos } from "./devices/chaos.ts";
import { createSimulator } from "./devices/simulator.ts";
import { Tank } from "./devices/tank.ts";
import { Heater } from "./heater/heater.ts";
import { createHttp } from "./http/http.ts";
import { launch } from "./launch/launch.ts";
import type { Settings } from "./launch/settings.ts";
import type { Journal } from "./terminal/journal.ts";
import { treeOf } from "./tree/tree.ts";

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
  const { temperature, clean, tooCold, shown, heaterSwitch, failSafe, wiring, report } =
    createControl(new Heater(modbus), { low: 58, high: 62 }, journal.logger);
  const { workers, latest: seal, clerk } = createArchive(clean);

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
  // Stopped in reverse order: when nobody wires the heater any more, the fail-safe can still switch it off.
  const control = new Supervisor("control", {
    actors: [temperature, clean, tooCold, shown, heaterSwitch, failSafe, wiring, report],
    policy: "permanent",
    restartDelay: { initial: 200, max: 5_000 },
    restartLimit: { maxRestarts: 3, window: 60_000 },
  });

  const archive = new Supervisor("archive", {
    actors: [...workers, seal, clerk],
    policy: "permanent",
    restartDelay: { initial: 200, max: 5_000 },
    restartLimit: { maxRestarts: 3, window: 60_000 },
  });

  const tree = () => treeOf(root, Date.now());
  const root: Supervisor = new Supervisor("gateway", {
    actors: [device, control, archive, createHttp({ port, temperature, tree })],
    policy: "permanent",
    restartDelay: { initial: 500, max: 10_000 },
    restartLimit: { maxRestarts: 3, window: 60_000 },
    ...journal,
  });
  if (simulator !== undefined && simulation?.chaos === true) root.spawn(createChaos(simulator));
  return root;
}
