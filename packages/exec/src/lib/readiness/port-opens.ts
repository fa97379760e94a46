import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two attempts, and for one. */
const pause = 25;
const patience = 1_000;

/** A program may listen at one of them alone, and what `localhost` means is not the same everywhere. */
const loopback = ["127.0.0.1", "::1"];

/** Resolves to true when a connection to the port is accepted on loopback, and to false when `signal` aborts before. */
export async function portOpens(port: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    for (const host of loopback) if (await accepts(host, port, signal)) return !signal.aborted;
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
  return false;
}

function accepts(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal, timeout: patience });
    const settle = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => settle(true));
    socket.once("timeout", () => settle(false));
    socket.on("error", () => settle(false));
    socket.once("close", () => settle(false));
  });
}
