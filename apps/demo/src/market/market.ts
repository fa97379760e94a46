import { computed, trigger } from "@sup/bus";
import { task } from "@sup/core";
import { WebSocketActor } from "@sup/ws";
import type { Band } from "../control/hysteresis.ts";
import { createPriceServer } from "../devices/price-server.ts";
import type { Place } from "../launch/settings.ts";
import { priceIn } from "./price-in.ts";

/** Euros for a kilowatt-hour from which on it is saved. */
const dear = 0.35;
const comfort: Band = { low: 58, high: 62 };
const thrift: Band = { low: 54, high: 58 };

/** From the price feed to the band in which the water is kept: a little cooler while electricity is dear. */
export function createMarket({ url, ownPort }: Place) {
  const check = (value: number): void => {
    if (Number.isNaN(value)) throw new Error('A message was no number, and no {"price": number}');
  };
  // A feed of somebody else may tell of changes only.
  const price = trigger("price", check, { staleAfter: ownPort === undefined ? undefined : 1_500 });
  const band = computed("band", () => ((price.read() ?? 0) >= dear ? thrift : comfort), [price], {
    equal: Object.is,
  });
  const tariff = task("tariff", async ({ signal, logger, ready }) => {
    const bands = band.subscribe({ signal });
    ready();
    for await (const { low, high } of bands) {
      logger.info({}, `keeps ${low} to ${high} °C, as electricity costs ${price.read()} €/kWh`);
    }
  });

  const server = ownPort === undefined ? undefined : createPriceServer(ownPort);
  const feed = new WebSocketActor("price-feed", url, {
    // Who writes does not wait: the latest price counts, and a wrong one shows in the tree.
    onMessage: ({ data }) => void price.write(priceIn(String(data))),
    pingInterval: 2_000,
    idleTimeout: 4_000,
    connectTimeout: 3_000,
    closeTimeout: 200,
  });
  return { price, band, tariff, server, feed };
}
