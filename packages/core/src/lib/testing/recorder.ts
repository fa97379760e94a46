import type { Actor } from "../actor/context.ts";
import type { AnyMessage, SupervisorObserver } from "../observer/observer.ts";

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
  readonly #waiting: Set<() => void> = new Set();

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
   */
  async until(
    line: string | ((event: RecordedEvent) => boolean),
    times = 1,
  ): Promise<RecordedEvent> {
    const isMeant =
      typeof line === "string" ? (event: RecordedEvent) => lineOf(event) === line : line;
    for (;;) {
      const event = this.events.filter(isMeant)[times - 1];
      if (event !== undefined) return event;
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
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

function lineOf(event: RecordedEvent): string {
  const words = [event.type, "actor" in event && event.actor, "message" in event && event.message];
  const line = words.filter(Boolean).join(" ");
  return "error" in event ? `${line}: ${event.error}` : line;
}

function messageOf(error: Error | undefined): { error?: string } {
  return error === undefined ? {} : { error: error.message };
}
