import { once } from "node:events";
import { Supervisor } from "@sup/core";
import { expect, it, describe, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createPriceServer } from "../../src/devices/price-server.ts";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";

describe("createPriceServer", () => {
  it("lets go of what it froze when it freezes again, as nobody else ends that", async () => {
    const port = await freePort();
    const server = createPriceServer(port);
    const supervisor = new Supervisor("market", {
      actors: [server],
      policy: "permanent",
      startup: "ordered",
      onError: () => {},
    });
    onTestFinished(() => supervisor.stop());
    supervisor.start();
    // It is answered from the moment on at which the server listens.
    await server.call("freeze");

    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    onTestFinished(() => client.terminate());
    await once(client, "message");
    const closed = once(client, "close");
    await server.call("freeze");
    expect(client.readyState).toBe(WebSocket.OPEN);
    await server.call("freeze");
    await closed;
  });
});
