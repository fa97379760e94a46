import { type Actor, main, Supervisor, type SupervisorOptions } from "@sup/core";
import { createAlarms } from "./alarms/alarms.ts";
import { createArchive } from "./archive/archive.ts";
import { createControl } from "./control/control.ts";
import { createChaos } from "./devices/chaos.ts";
import { createEnergy } from "./energy/energy.ts";
import { createHttp } from "./http/http.ts";
import { launch } from "./launch/launch.ts";
import type { Settings } from "./launch/settings.ts";
import { createMarket } from "./market/market.ts";
import { createPlant } from "./plant/plant.ts";
import type { Journal } from "./terminal/journal.ts";
import { treeOf } from "./tree/tree.ts";
import { createWeather } from "./weather/weather.ts";

await launch((settings, journal) =>
  main(gateway(settings, journal), { signals: ["SIGINT", "SIGTERM", "SIGHUP"] }),
);

/** The whole gateway: who is there, who goes down with whom, how soon and how often it is started again. */
function gateway(settings: Settings, journal: Journal): Supervisor {
  const { port, chaos } = settings;
  const { simulator, modbus, heater, meter } = createPlant(settings.modbus);
  const { price, band, tariff, server: priceServer, feed } = createMarket(settings.prices);
  const { alarm, shown, crier, server: alarmServer, stream } = createAlarms(settings.alarms);
  const { outdoor, sidecar } = createWeather(settings.sidecar);
  const control = createControl(heater, band, journal.logger);
  const energy = meter && createEnergy(meter, price);
  const { workers, seal, clerk } = createArchive(control.clean);

  // Who comes later depends on who came before: a device that was started anew needs a new connection.
  // There is no limit to restarts: in the field a device may be away for weeks, and is welcome when it is back.
  const outside = (name: string, ...actors: readonly (Actor | undefined)[]) =>
    new Supervisor(name, {
      actors: actors.filter((actor) => actor !== undefined),
      policy: "permanent",
      strategy: "rest-for-one",
      startup: "ordered",
      restartDelay: { initial: 500, max: 10_000, resetAfter: 5_000 },
    });

  // A device that does not answer crashes nobody here. What does crash is tried afresh, and after that is for those above.
  const inside: SupervisorOptions = {
    policy: "permanent",
    restartDelay: { initial: 200, max: 5_000 },
    restartLimit: { maxRestarts: 3, window: 60_000 },
  };

  // Stopped in reverse order: when nobody controls the heater any more, the fail-safe has switched it off.
  const root: Supervisor = new Supervisor("gateway", {
    actors: [
      outside("device", simulator, modbus),
      outside("market", price, band, tariff, priceServer, feed),
      outside("alarms", alarm, shown, crier, alarmServer, stream),
      outside("weather", outdoor, sidecar),
      ...(energy ? [new Supervisor("energy", { actors: Object.values(energy), ...inside })] : []),
      new Supervisor("control", { actors: Object.values(control), ...inside }),
      new Supervisor("archive", { actors: [...workers, seal, clerk], ...inside }),
      createHttp({ port, temperature: control.temperature, tree: () => treeOf(root, Date.now()) }),
    ],
    ...inside,
    ...journal,
  });
  if (chaos) root.spawn(createChaos({ simulator, priceServer, alarmServer, sidecar }));
  return root;
}
