import { type Actor, type Child, type Logger, Supervisor, type SupervisorOptions } from "@sup/core";
import { onTestFinished, vi } from "vitest";

/** A supervisor that runs `actors`, restarts them at once, and is stopped when the test is over. */
export function run(actors: readonly Actor[], options: SupervisorOptions = {}): Supervisor {
  const root = new Supervisor("root", {
    actors,
    policy: "permanent",
    restartDelay: 0,
    autoShutdown: "never",
    ...options,
  });
  root.start();
  onTestFinished(async () => {
    const stopped = root.stop();
    // What does not end by itself is left behind when its time is over.
    if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
  });
  return root;
}

/** The child that `actor` is under `root`. */
export function childOf(root: Supervisor, actor: Actor): Child {
  const child = root.children.find((one) => one.actor === actor);
  if (child === undefined) throw new Error(`Cannot find "${actor.name}" under "${root.name}"`);
  return child;
}

/** Fake time until the test is over. */
export function fakeTime(): void {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets `ms` of fake time pass, with all that happens in it. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

// The real one, also under fake time: actors that have been busy for long wait for it.
const nextTurn = setImmediate;

/** Lets everything happen that is waiting for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => void nextTurn(resolve));
}

/** The error with which `promise` rejects. */
export async function rejectionOf(promise: PromiseLike<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("Cannot have the rejection: the promise was fulfilled");
}

/** The error that `act` throws. */
export function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Cannot have the error: nothing was thrown");
}

/** Collects what comes out of `values`, and how it ended. */
export function collect<V>(values: AsyncIterable<V>): { readonly got: V[]; isOver: boolean } {
  const collected = { got: [] as V[], isOver: false };
  void (async () => {
    for await (const value of values) collected.got.push(value);
    collected.isOver = true;
  })();
  return collected;
}

const nothing = (): void => {};

/** A logger that keeps the errors that it is told. */
export class Log implements Logger {
  readonly lines: { error: unknown; message: string }[] = [];
  readonly debug = nothing;
  readonly info = nothing;
  readonly warn = nothing;

  error(bindings: Record<string, unknown>, message: string): void {
    this.lines.push({ error: bindings["error"], message });
  }

  child(): this {
    return this;
  }
}
