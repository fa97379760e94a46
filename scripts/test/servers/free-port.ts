import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port of loopback on which nobody listens now. None of those that the system gives by itself: by the time it is used it
 * could be the port of any connection.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
