import { fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** The other side of a connection, in a process of its own. */
export interface Peer {
  /** By the path: `/echo` sends back what comes, `/sum` answers as `sums` says, `/flood` sends as many as it is asked for. */
  readonly url: string;
  stop(): void;
}

export async function startPeer(path: "echo" | "sum" | "flood"): Promise<Peer> {
  const child = fork(import.meta.filename);
  const [port] = (await once(child, "message")) as [number];
  return { url: `ws://127.0.0.1:${port}/${path}`, stop: () => void child.kill() };
}

/** A hundred characters that begin with `number`. */
export function messageOf(number: number): string {
  return `${number};`.padEnd(100, ".");
}

function serve(): void {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (socket, { url }) => {
    if (url === "/echo") socket.on("message", (data) => socket.send(String(data)));
    else if (url === "/sum") sums(socket);
    else socket.on("message", (data) => flood(socket, Number(String(data))));
  });
  server.on("listening", () => process.send?.((server.address() as AddressInfo).port));
  process.on("disconnect", () => process.exit());
}

/** Adds up the numbers that come, and tells the sum when it is asked with "sum". */
function sums(socket: WebSocket): void {
  let sum = 0;
  socket.on("message", (data: Buffer) => {
    const text = data.toString("latin1");
    if (text === "sum") {
      socket.send(String(sum));
      sum = 0;
    } else {
      sum += Number.parseInt(text, 10);
    }
  });
}

/** In batches, so that not all of it is in memory. */
function flood(socket: WebSocket, count: number, from = 0): void {
  const to = Math.min(from + 500, count);
  for (let number = from; number < to - 1; number += 1) socket.send(messageOf(number));
  socket.send(messageOf(to - 1), () => to < count && flood(socket, count, to));
}

if (process.argv[1] === import.meta.filename) serve();
