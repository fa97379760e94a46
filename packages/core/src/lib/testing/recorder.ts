import type { Actor } from "../actor/context.ts";
import type { AnyMessage, SupervisorObserver } from "../observer/observer.ts";
import { checkNothingElse, checkTimeout } from "../options.ts";
import { Stopwatch } from "./patience.ts";

/** What an observer was told, as plain data: names and messages in place of actors and errors. */
export type RecordedEvent =
  | { readonly type: "registered" | "started" | "ready" | "abandoned"; readonly actor: string }
  | { readonly type: "stopped"; readonly actor: string; readonly error?: string }
  | {
      readonly type: "restarting";
      readonly actor: string;
      readonly restartCount: number;
      readonly delay: number;
      readonly error?: string;
    }
  | {
      readonly type: "undelivered";
      readonly actor: string;
      readonly message: string;
      readonly payload: unknown;
      readonly error: string;
    }
  | { readonly type: "terminal"; readonly error: string };

/** Options of a `Recorder`. */
export interface RecorderOptions {
  /**
   * Milliseconds after which `until` gives up, in real time also under a fake clock, and longer on a machine that is busy with
   * others; `Infinity` waits. The default is a little less than what most test runners allow a test.
   * @defaultValue 4,000
   */
  readonly timeout?: number | undefined;
}

/** Lines of the record that an error shows. */
const shown = 40;

/**
 * An observer that writes down all it is told, so that a test can compare the whole story or wait for a part of it.
 *
 * @example
 * ```ts
 * const recorder = new Recorder();
 * const root = new Supervisor("root", { actors: [worker], observer: recorder });
 * root.start();
 * await recorder.until("ready worker");
 * await root.stop();
 * assert.deepEqual(recorder.lines, ["registered worker", "started worker", "ready worker", "stopped worker"]);
 * ```
 */
export class Recorder implements Required<SupervisorObserver> {
  /** What happened so far. */
  readonly events: RecordedEvent[] = [];
  readonly #timeout: number;
  readonly #waiting: Set<() => void> = new Set();

  /** @throws {TypeError | RangeError} when an option makes no sense */
  constructor(options: RecorderOptions = {}) {
    const { timeout = 4_000, ...rest } = options;
    checkNothingElse("create recorder", rest);
    checkTimeout("create recorder", "timeout", timeout);
    this.#timeout = timeout;
  }

  /**
   * What happened so far, a line for each event: its type, the actor, what was undelivered, and the error after a colon, as in
   * `stopped worker: boom`. Delays and counts are left to `events`.
   */
  get lines(): string[] {
    return this.events.map(lineOf);
  }

  /** Forgets what happened so far. */
  clear(): void {
    this.events.length = 0;
  }

  /**
   * Resolves when `line`, or an event for which it returns true, has been recorded `times` times in all.
   * @returns the last of these events
   * @throws {Error} when that did not happen within the `timeout`; it says what has been recorded
   */
  async until(
    line: string | ((event: RecordedEvent) => boolean),
    times = 1,
  ): Promise<RecordedEvent> {
    const isMeant =
      typeof line === "string" ? (event: RecordedEvent) => lineOf(event) === line : line;
    let isLate = false;
    const onTurn = (passed: number): void => {
      isLate = passed >= this.#timeout;
      if (isLate) this.#wake();
    };
    using _ = this.#timeout === Infinity ? undefined : new Stopwatch(onTurn);
    for (;;) {
      const meant = this.events.filter(isMeant);
      const event = meant[times - 1];
      if (event !== undefined) return event;
      if (isLate) throw this.#lateness(line, meant.length, times);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  onActorRegistered(actor: Actor): void {
    this.#record({ type: "registered", actor: actor.name });
  }

  onActorStarted(actor: Actor): void {
    this.#record({ type: "started", actor: actor.name });
  }

  onActorReady(actor: Actor): void {
    this.#record({ type: "ready", actor: actor.name });
  }

  onActorStopped(actor: Actor, error?: Error): void {
    this.#record({ type: "stopped", actor: actor.name, ...messageOf(error) });
  }

  onActorRestarting(
    actor: Actor,
    restartCount: number,
    lastError: Error | undefined,
    delay: number,
  ): void {
    const { name } = actor;
    this.#record({ type: "restarting", actor: name, restartCount, delay, ...messageOf(lastError) });
  }

  onActorAbandoned(actor: Actor): void {
    this.#record({ type: "abandoned", actor: actor.name });
  }

  onMessageUndelivered(actor: Actor, message: AnyMessage, reason: Error): void {
    const { type, payload } = message;
    const { name } = actor;
    this.#record({
      type: "undelivered",
      actor: name,
      message: type,
      payload,
      error: reason.message,
    });
  }

  onSupervisorTerminal(error: Error): void {
    this.#record({ type: "terminal", error: error.message });
  }

  #record(event: RecordedEvent): void {
    this.events.push(event);
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  #lateness(
    line: string | ((event: RecordedEvent) => boolean),
    found: number,
    times: number,
  ): Error {
    const what =
      typeof line === "string" ? `"${line}"` : `an event for which ${String(line)} holds`;
    const count = times === 1 ? "" : `, which came ${found} of ${times} times`;
    const wait = `Cannot wait longer than ${this.#timeout} ms for ${what}${count}`;
    return new Error(`${wait}; ${recordOf(this.lines)}`);
  }
}

/** What was recorded, for an error. */
export function recordOf(lines: readonly string[]): string {
  if (lines.length === 0)
    return "nothing was recorded, as if no supervisor with this observer had been started";
  const what = lines.length > shown ? `the last ${shown} of ${lines.length} events` : "recorded";
  return [`${what}:`, ...lines.slice(-shown)].join("\n  ");
}

function lineOf(event: RecordedEvent): string {
  const words = [event.type, "actor" in event && event.actor, "message" in event && event.message];
  const line = words.filter(Boolean).join(" ");
  return "error" in event ? `${line}: ${event.error}` : line;
}

function messageOf(error: Error | undefined): { error?: string } {
  return error === undefined ? {} : { error: error.message };
}
