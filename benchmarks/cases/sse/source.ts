import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of an event stream that does the least it can, in a process of its own. */
export interface Source {
  readonly url: string;
  /** Sends that many events on every stream that is open. */
  send(events: number): void;
  stop(): void;
}

export async function startSource(): Promise<Source> {
  const child = fork(import.meta.filename);
  const [port] = (await once(child, "message")) as [number];
  return {
    url: `http://127.0.0.1:${port}/`,
    send: (events) => void child.send(events),
    stop: () => void child.kill(),
  };
}

/** What an event says: 100 bytes of it go over the wire. */
export const data = `{"price":42.42,"unit":"EUR","at":"2026-01-01T00:00:00.00Z"}`;

const event = `id: 1234567\nevent: price-changed\ndata: ${data}\n\n`;
const most = 512;
const block = Buffer.from(event.repeat(most));

async function write(response: ServerResponse, events: number): Promise<void> {
  for (let left = events; left > 0; left -= most) {
    const part = block.subarray(0, Math.min(left, most) * Buffer.byteLength(event));
    if (!response.write(part)) await once(response, "drain");
  }
}

function serve(): void {
  const streams = new Set<ServerResponse>();
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    streams.add(response);
    response.on("close", () => streams.delete(response));
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("message", (events) => {
    for (const response of streams) void write(response, events as number);
  });
  process.on("disconnect", () => process.exit());
}

if (process.argv[1] === import.meta.filename) serve();
