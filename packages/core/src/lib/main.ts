import { check, longestDelay } from "./options.ts";
import type { Supervisor } from "./supervisor/supervisor.ts";

/** Options of `main`. */
export interface MainOptions {
  /**
   * The signals that stop the root.
   * @defaultValue `["SIGINT", "SIGTERM"]`
   */
  readonly signals?: readonly ("SIGINT" | "SIGTERM" | "SIGHUP")[] | undefined;
}

/** What `main` needs of Node's, Bun's or Deno's `process`. */
interface Process {
  exitCode?: unknown;
  /** Without a code it exits with `exitCode`. */
  exit(code?: number): void;
  on(signal: string, listener: () => void): unknown;
  off(signal: string, listener: () => void): unknown;
}

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * Milliseconds in which one signal may come twice: to the whole group of processes, as terminals, `timeout` and systemd send
 * it, and once more from a launcher that passes it on, as npm does.
 */
const echoTime = 50;

/** Milliseconds after an ordered stop in which what was left behind may end the process by itself. */
const leftoverGrace = 1_000;

/**
 * The entry point of a process: starts `root`, and stops it in order on SIGINT or SIGTERM; a second signal exits at once,
 * but for the same one within 50 ms, which is one that came by two ways. The process stays open as long as the root runs.
 * The exit code is 1 if the root fails. Resolves when the root has ended; never rejects because of it. Where an actor had to
 * be left behind, the process is ended a second later.
 *
 * @throws {TypeError} when `root` is no supervisor
 * @throws {Error} when the root cannot be started
 */
export async function main(root: Supervisor, options: MainOptions = {}): Promise<void> {
  check("run main", "root", root, "object", "a Supervisor");
  const { process } = globalThis as unknown as { process: Process };
  const { signals = ["SIGINT", "SIGTERM"] } = options;
  const stopping = new AbortController();
  let heard = { signal: "", until: 0 };
  const listeners = signals.map((signal) => {
    const listener = (): void => {
      const now = performance.now();
      if (signal === heard.signal && now < heard.until) return;
      heard = { signal, until: now + echoTime };
      if (stopping.signal.aborted) process.exit(codes[signal]);
      stopping.abort();
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  // Actors that wait for a message hold no process open; that they run does.
  const open = setInterval(() => {}, longestDelay);
  try {
    root.start({ signal: stopping.signal });
    await root.wait();
  } finally {
    clearInterval(open);
    for (const remove of listeners) remove();
  }
  if (root.failure !== undefined) {
    process.exitCode = 1;
    console.error(root.failure);
  }
  if (!root.hasAbandoned) return;
  // What was left behind may hold the process open; where it does not, this timer does neither.
  const leftover = setTimeout(() => process.exit(), leftoverGrace);
  (leftover as { unref?: () => void }).unref?.();
}
