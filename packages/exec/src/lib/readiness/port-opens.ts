import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two attempts, and for one. */
const pause = 25;
const patience = 1_000;

/** Resolves to true when a connection to the port of `localhost` is accepted, and to false when `signal` aborts before. */
export async function portOpens(port: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await accepts(port, signal)) return !signal.aborted;
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
  return false;
}

function accepts(port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // Every address of `localhost` is tried: a program may listen at 127.0.0.1 or at ::1 alone.
    const socket = connect({ port, host: "localhost", signal, timeout: patience });
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
