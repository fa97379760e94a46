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

/** Milliseconds after an ordered stop in which what was left behind may end the process by itself. */
const leftoverGrace = 1_000;

/**
 * The entry point of a process: starts `root`, and stops it in order on SIGINT or SIGTERM; a second signal exits at once.
 * The exit code is 1 if the root fails. Resolves when the root has ended; never rejects because of it.
 *
 * @throws {Error} when the root cannot be started
 */
export async function main(root: Supervisor, options: MainOptions = {}): Promise<void> {
  const { process } = globalThis as unknown as { process: Process };
  const { signals = ["SIGINT", "SIGTERM"] } = options;
  const stopping = new AbortController();
  const listeners = signals.map((signal) => {
    const listener = (): void => {
      if (stopping.signal.aborted) process.exit(codes[signal]);
      stopping.abort();
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  try {
    root.start({ signal: stopping.signal });
    await root.wait();
  } finally {
    for (const remove of listeners) remove();
  }
  if (root.failure !== undefined) {
    process.exitCode = 1;
    console.error(root.failure);
  }
  if (!stopping.signal.aborted && root.failure === undefined) return;
  // An abandoned actor may hold the process open; a clean end needs no timer, and is not held up by this one.
  const leftover = setTimeout(() => process.exit(), leftoverGrace);
  (leftover as { unref?: () => void }).unref?.();
}
