import type { Readiness } from "../options.ts";
import type { OutputLine } from "../output/output-line.ts";
import { portOpens } from "./port-opens.ts";

/** Who is told of a process's readiness. */
export interface ReadinessListener {
  onReady(): void;
  /** It took too long. */
  onLate(why: string): void;
}

const defaultTimeout = 60_000;

/** Waits for one process to be ready, until `signal` aborts. */
export class ReadinessWatch {
  readonly #done: AbortController = new AbortController();
  readonly #listener: ReadinessListener;
  /** What is looked for, until it was found. */
  #pattern: RegExp | undefined;

  constructor(ready: Readiness | undefined, signal: AbortSignal, listener: ReadinessListener) {
    this.#listener = listener;
    const done = this.#done.signal;
    if (signal.aborted) {
      // Who was told of the start has stopped it.
      this.#done.abort();
      return;
    }
    signal.addEventListener("abort", () => this.#done.abort(), { signal: done });
    this.#pattern = patternOf(ready);
    if (ready === undefined) this.#ready();
    else if ("uptime" in ready) this.#after(ready.uptime, () => this.#ready());
    else this.#await(ready);
  }

  /** Looks for the line that says it. */
  see({ line }: OutputLine): void {
    if (this.#pattern === undefined || this.#done.signal.aborted) return;
    if (this.#pattern.test(line)) this.#ready();
  }

  #await(ready: Exclude<Readiness, { readonly uptime: number }>): void {
    const { timeout = defaultTimeout } = ready;
    const isPort = "port" in ready;
    const what = isPort
      ? `port ${ready.port} did not open`
      : `no line matched ${String(ready.line)}`;
    this.#after(timeout, () => this.#late(`${what} within ${timeout} ms`));
    if (isPort) {
      const { signal } = this.#done;
      void portOpens(ready.port, signal).then((isOpen) => isOpen && this.#ready());
    }
  }

  #after(milliseconds: number, act: () => void): void {
    const timer = setTimeout(act, milliseconds);
    this.#done.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  #ready(): void {
    this.#pattern = undefined;
    this.#done.abort();
    this.#listener.onReady();
  }

  #late(why: string): void {
    this.#done.abort();
    this.#listener.onLate(why);
  }
}

/** A copy: a pattern that is global or sticky remembers where its last match ended, which was in another life. */
function patternOf(ready: Readiness | undefined): RegExp | undefined {
  return ready !== undefined && "line" in ready ? new RegExp(ready.line) : undefined;
}
