import type { Inspectable } from "@sup/bus";
import { type Actor, Supervisor } from "@sup/core";
import { cpuTime } from "../feed/cpu-time.ts";
import { toInspectable } from "../rows/inspectable.ts";
import { HealthCheck } from "../rows/value-health.ts";
import { safely } from "../text/safely.ts";
import type { Journal } from "./journal.ts";

/** Milliseconds between two rounds. */
const every = 10_000;
/** One part in so many of the time may go into rounds: those of a huge tree are rarer. */
const restPerWork = 1_000;

/**
 * Notes what no actor tells of, as it comes by the mere passing of time: queues that stall, values that are old. It goes
 * round whether somebody looks or not, holds on to nothing, and keeps no process alive.
 */
export class Patrol {
  readonly #journal: Journal;
  readonly #root: () => Supervisor;
  readonly #observe: readonly Inspectable<unknown>[];
  #timer: NodeJS.Timeout | undefined;

  constructor(journal: Journal, root: () => Supervisor, observe: readonly Inspectable<unknown>[]) {
    this.#journal = journal;
    this.#root = root;
    this.#observe = observe;
  }

  start(): void {
    if (this.#timer === undefined) this.#schedule(every);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(delay: number): void {
    this.#timer = setTimeout(() => {
      const start = cpuTime();
      this.round();
      this.#schedule(Math.max(every, (cpuTime() - start) * restPerWork));
    }, delay).unref();
  }

  /** One look at each queue, and at each value that comes from outside. */
  round(): void {
    this.#visit(this.#root());
    for (const value of this.#observe) safely(() => this.#ask(value), undefined);
  }

  #visit(actor: Actor): void {
    // What an actor makes of being looked at is its own matter.
    safely(() => this.#look(actor), undefined);
    if (!(actor instanceof Supervisor)) return;
    for (const { actor: below } of actor.children) this.#visit(below);
  }

  #look(actor: Actor): void {
    const { mailbox } = actor;
    if (mailbox !== undefined) {
      const queued = mailbox.length;
      this.#journal.noteQueue(actor, queued, queued > 0 ? mailbox.oldestAt : undefined);
    }
    const value = toInspectable(actor);
    if (value !== undefined) this.#ask(value);
  }

  /** Not one that is computed: to ask may be to compute it, which nobody wants to pay for who does not look. */
  #ask(value: Inspectable<unknown>): void {
    const isSource = value.dependencies.length === 0 && "run" in value;
    if (isSource) new HealthCheck(value, this.#journal).read();
  }
}
