import { once } from "node:events";
import { actor } from "@sup/core";
import { type WebSocket, WebSocketServer } from "ws";
import { priceAt } from "./price.ts";

export type PriceServer = ReturnType<typeof createPriceServer>;

/** Milliseconds between two prices. */
const interval = 1_000;

/** What the price of electricity is: a WebSocket server on loopback, which sends `{"price":0.29}` every second. */
export function createPriceServer(port: number) {
  return actor("price-server", async ({ logger, fail, defer }) => {
    const server = new WebSocketServer({ host: "127.0.0.1", port });
    defer(() => close(server));
    await once(server, "listening");
    server.on("error", fail);
    const frozen = new WeakSet<WebSocket>();
    const tell = (client: WebSocket): void => {
      if (frozen.has(client)) return;
      client.send(JSON.stringify({ price: priceAt(performance.now() / 1_000) }));
    };
    server.on("connection", (client) => {
      // A client that is gone is gone.
      client.on("error", () => {});
      tell(client);
    });
    const timer = setInterval(() => server.clients.forEach(tell), interval);
    defer(() => clearInterval(timer));
    logger.info({}, `listening on 127.0.0.1:${port}`);
    return {
      /** From now on the connections that there are say nothing and hear nothing, as behind a cut cable. */
      freeze() {
        for (const client of server.clients) {
          // Its other end gave it up long ago, and this one hears nothing of that.
          if (frozen.has(client)) client.terminate();
          frozen.add(client);
          client.pause();
        }
      },
    };
  });
}

/** Resolves when nothing of the server is left. */
async function close(server: WebSocketServer): Promise<void> {
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
}
