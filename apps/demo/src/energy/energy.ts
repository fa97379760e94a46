import { computed, type Provider, signal } from "@sup/bus";
import type { Meter } from "./meter.ts";

/** Milliseconds between two readings. */
const interval = 2_000;
/** Milliseconds for one, the wait for a connection included. */
const patience = 1_500;
/** Milliseconds after which a reading says nothing about now. */
const staleAfter = 6_000;

/** From the meter and the price to what an hour costs, in euros. */
export function createEnergy(meter: Pick<Meter, "readPower">, price: Provider<number | undefined>) {
  const power = signal("power", ({ signal }) => meter.readPower({ signal, timeout: patience }), {
    interval,
    staleAfter,
  });
  const cost = computed("cost", () => costOf(power.read(), price.read()), [power, price]);
  return { power, cost };
}

/** Cents and tenths of them; `undefined` where the power or the price is not known. */
function costOf(watts: number | undefined, price: number | undefined): number | undefined {
  if (watts === undefined || price === undefined) return undefined;
  return Math.round(watts * price) / 1_000;
}
