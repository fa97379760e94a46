import { main, Supervisor } from "@sup/core";
import { Dashboard } from "@sup/ui";
import { createAlarms } from "./alarms/alarms.ts";
import { createArchive } from "./archive/archive.ts";
import { createControl } from "./control/control.ts";
import { createChaos } from "./devices/chaos.ts";
import { createEnergy } from "./energy/energy.ts";
import { inside, outside, withinLimits } from "./groups.ts";
import { launch } from "./launch/launch.ts";
import type { Settings } from "./launch/settings.ts";
import { createMarket } from "./market/market.ts";
import { createPlant } from "./plant/plant.ts";
import { createPumps } from "./pumps/pumps.ts";
import type { Journal } from "./terminal/journal.ts";
import { createWeather } from "./weather/weather.ts";

await launch((settings, journal) =>
  main(gateway(settings, journal), { signals: ["SIGINT", "SIGTERM", "SIGHUP"] }),
);

/** The whole gateway: who is there, who goes down with whom, and what of it is shown. */
function gateway(settings: Settings, journal: Journal): Supervisor {
  const { simulator, modbus, heater, meter, ...motors } = createPlant(settings.modbus);
  const { price, band, tariff, server: priceServer, feed } = createMarket(settings.prices);
  const { alarm, shown, crier, server: alarmServer, stream } = createAlarms(settings.alarms);
  const { outdoor, sidecar } = createWeather(settings.sidecar);
  const control = createControl(heater, band, journal.logger);
  const pumps = createPumps(motors, control.heaterSwitch, outdoor, journal.logger);
  const energy = meter && createEnergy(meter, price);
  const { historian, workers, ...archive } = createArchive(control.clean);

  const { temperature, tooCold, heaterSwitch } = control;
  const drives = pumps.flatMap(({ flow, speed }) => [flow, speed]);
  const bills = energy ? [energy.power, energy.cost] : [];
  const observe = [
    temperature,
    tooCold,
    heaterSwitch,
    ...drives,
    outdoor,
    price,
    band,
    ...bills,
    alarm,
  ];

  // Stopped in reverse order: when nobody controls the heater any more, the fail-safe has switched it off.
  const root: Supervisor = new Supervisor("gateway", {
    actors: [
      outside("device", simulator, modbus),
      outside("market", price, band, tariff, priceServer, feed),
      outside("alarms", alarm, shown, crier, alarmServer, stream),
      outside("weather", outdoor, sidecar),
      ...inside("energy", energy && Object.values(energy)),
      ...inside(
        "pumps",
        pumps.flatMap((pump) => Object.values(pump)),
      ),
      ...inside("control", Object.values(control)),
      ...inside("archive", [historian, ...workers, ...Object.values(archive)]),
      new Dashboard("dashboard", { root: () => root, observe, port: settings.port }),
    ],
    ...withinLimits,
    ...journal,
  });
  const victims = { simulator, priceServer, alarmServer, historian, sidecar };
  if (settings.calm !== undefined) root.spawn(createChaos(settings.calm, victims));
  return root;
}
