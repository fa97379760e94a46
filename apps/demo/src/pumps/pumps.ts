import {
  computed,
  type Dependency,
  link,
  signal,
  type Source,
  type Trigger,
  trigger,
} from "@sup/bus";
import type { Logger } from "@sup/core";
import type { Pump } from "./pump.ts";
import { circulationSpeed, supplySpeed } from "./speeds.ts";

/** Milliseconds between two readings. */
const interval = 1_000;
/** Milliseconds for one, and for a command, the wait for a connection included. */
const patience = 1_500;
/** Milliseconds after which a reading says nothing about now. */
const staleAfter = 3_000;

/** The pumps that there are. */
export interface Pumps {
  readonly circulation: PumpLike | undefined;
  readonly supply: PumpLike | undefined;
}

type PumpLike = Pick<Pump, "read" | "run" | "acknowledge">;

/** Drives the water past the heater as fast as that heats, and to the building as fast as it is cold outside. */
export function createPumps(
  { circulation, supply }: Pumps,
  heating: Source<boolean | undefined>,
  outdoor: Source<number | undefined>,
  logger: Logger,
) {
  const heaterNeeds = (): number => circulationSpeed(heating.read());
  const buildingNeeds = (): number => supplySpeed(outdoor.read());
  return [
    circulation && createPump("circulation", circulation, heaterNeeds, [heating], logger),
    supply && createPump("supply", supply, buildingNeeds, [outdoor], logger),
  ].filter((pump) => pump !== undefined);
}

/** From a pump's registers to its speed, in percent. */
function createPump(
  name: string,
  pump: PumpLike,
  wanted: () => number,
  causes: readonly Dependency[],
  logger: Logger,
) {
  const reading = signal(
    `${name}-reading`,
    ({ signal }) => pump.read({ signal, timeout: patience }),
    { interval, staleAfter },
  );
  const flow = computed(`${name}-flow`, () => reading.read()?.flow, [reading]);
  // Wanted anew with each reading: a drive that lost power, or that somebody else stopped, is put right with the next one.
  const target = computed(`${name}-target`, wanted, [...causes, reading]);
  const speed: Trigger<number> = trigger(`${name}-speed`, async (percent: number, { signal }) => {
    const now = reading.read();
    if (now === undefined || now.speed === percent) return;
    if (now.tripped) {
      await pump.acknowledge({ signal, timeout: patience });
      throw new Error("The motor has tripped");
    }
    await pump.run(percent, { signal, timeout: patience });
    const isNews = speed.read() !== percent || speed.status().error !== undefined;
    if (isNews) logger.info({ actor: name }, `runs at ${percent} %`);
  });
  const wiring = link(`${name}-wiring`, target, speed);
  return { reading, flow, target, speed, wiring };
}
