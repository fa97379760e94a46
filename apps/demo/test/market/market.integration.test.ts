import { Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";
import { createMarket } from "../../src/market/market.ts";
import { recordingLogger } from "../recording-logger.ts";

describe("createMarket", () => {
  it("takes the price from the feed", async () => {
    const { price, next } = await start();
    await next();
    expect(price.read()).toBeGreaterThanOrEqual(0.2);
    expect(price.read()).toBeLessThanOrEqual(0.4);
  });

  it("connects anew when the socket is frozen", async () => {
    const { server, feed, next, failed, supervisor } = await start();
    await next();
    await server!.cast("freeze");
    await expect(failed).resolves.toMatchObject({ code: "WS_IDLE" });
    await next();
    await next();
    const child = supervisor.children.find(({ actor }) => actor === feed);
    expect(child).toMatchObject({ status: "ready", restarts: 1 });
  });

  it("keeps the water cooler from the price on at which electricity is dear", async () => {
    const { band, price, lines, next } = await start();
    await next();
    await price.write(0.349);
    expect(band.read()).toEqual({ low: 58, high: 62 });
    await price.write(0.35);
    expect(band.read()).toEqual({ low: 54, high: 58 });
    await expect
      .poll(() => lines)
      .toContain("info keeps 54 to 58 °C, as electricity costs 0.35 €/kWh");
  });

  it("keeps the last price when a message has none", async () => {
    const { price, next } = await start();
    await next();
    await price.write(0.25);
    await expect(price.write(NaN)).rejects.toThrow("A message was no number");
    expect(price.status()).toMatchObject({ value: 0.25, error: { message: /no number/ } });
  });
});

async function start() {
  const ownPort = await freePort();
  const market = createMarket({ url: `ws://127.0.0.1:${ownPort}/`, ownPort });
  const { price, band, tariff, server, feed } = market;
  const lines: string[] = [];
  const failed = Promise.withResolvers<Error>();
  const supervisor = new Supervisor("market", {
    actors: [price, band, tariff, server!, feed],
    policy: "permanent",
    startup: "ordered",
    restartDelay: 20,
    onError: (_, error) => failed.resolve(error),
    logger: recordingLogger(lines),
  });
  onTestFinished(() => supervisor.stop());
  const prices = price.subscribe()[Symbol.asyncIterator]();
  supervisor.start();
  return {
    ...market,
    supervisor,
    lines,
    failed: failed.promise,
    /** Resolves when the next price has come. */
    next: () => prices.next(),
  };
}
