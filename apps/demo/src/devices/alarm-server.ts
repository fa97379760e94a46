import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { actor } from "@sup/core";
import { AlarmBook } from "./alarm-book.ts";

export type AlarmServer = ReturnType<typeof createAlarmServer>;

/** Milliseconds between two signs of life. */
const interval = 1_000;

/**
 * The building's alarms: an HTTP server on loopback, each of whose answers is a stream of Server-Sent Events. Who comes again
 * with a `Last-Event-ID` gets what was missed.
 */
export function createAlarmServer(port: number, book: AlarmBook = new AlarmBook()) {
  return actor("alarm-server", async ({ logger, fail, defer }) => {
    /** The open streams, and the id that was sent last on each. */
    const streams = new Map<ServerResponse, number>();
    const server = createServer((request, response) => {
      streams.set(response, lastIdOf(request) ?? book.lastId());
      response.on("close", () => streams.delete(response));
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("retry: 500\n\n");
      tell(response);
    });
    const tell = (response: ServerResponse): void => {
      const alarms = book.since(streams.get(response) ?? 0);
      streams.set(response, book.lastId());
      const events = alarms.map(
        ({ id, kind, text }) => `id: ${id}\nevent: ${kind}\ndata: ${text}\n\n`,
      );
      response.write(events.length > 0 ? events.join("") : ":\n\n");
    };
    defer(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    server.on("error", fail);
    const timer = setInterval(() => [...streams.keys()].forEach(tell), interval);
    defer(() => clearInterval(timer));
    logger.info({}, `listening on 127.0.0.1:${port}`);
    return {
      /** Ends all streams, as a proxy does that has had enough of them. */
      end() {
        for (const stream of streams.keys()) stream.end();
        streams.clear();
      },
    };
  });
}

function lastIdOf({ headers }: IncomingMessage): number | undefined {
  const id = headers["last-event-id"];
  return typeof id === "string" && /^\d{1,9}$/.test(id) ? Number(id) : undefined;
}
