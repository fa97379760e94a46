import { type ActorContext, ActorStoppedError, type Mailbox } from "@sup/core";
import { isAtRest } from "./graph.ts";
import type { Node } from "./node.ts";
import { isAbort, isThenable } from "./outcome.ts";
import type { Reporter } from "./reporter.ts";
import { endOfTurn, isTurnLong } from "./time.ts";
import { succeed } from "./update.ts";

/** One write, as its effect sees it. */
export interface Writing {
  /** Aborts when the writer gives up, and when the actor must end. */
  readonly signal: AbortSignal;
}

/** Makes a written value take effect. */
export type Effect<V> = (value: V, writing: Writing) => void | PromiseLike<void>;

/** The protocol of a trigger's mailbox. */
export interface Writes<V> {
  write(value: V): void;
  /** In the place of a write that was begun at once. */
  begun(write: Begun): void;
}

/** What was begun without the queue, a write or a long turn, and has a place in it: what comes behind it waits for its end. */
class Begun {
  /** Told by the queue when it is over. */
  promise: Promise<void> | undefined = undefined;
  /** When it is over, unless that is now. */
  outcome: Promise<void> | undefined;
  readonly service: unknown;

  constructor(service: unknown, outcome: Promise<void> | undefined) {
    this.service = service;
    this.outcome = outcome;
  }
}

/** What a trigger brings along. */
interface Parts<V> {
  readonly node: Node;
  readonly reporter: Reporter;
  readonly effect: Effect<V>;
  readonly writes: Mailbox<Writes<V>>;
}

const done = Promise.resolve();
const ignore = (): void => {};
// A write that fails concerns its writer: it is no reason to crash.
const isFatal = (): boolean => false;

/**
 * How the next write is done. `waits`: as a message, behind whatever there is. `clears`: as a message was done last whose effect
 * took no time, at once if it was the last one. `free`: at once, for nothing stands before it. `begins`: behind the one that is
 * being done at once. `over`: the life must end.
 */
type State = "waits" | "clears" | "free" | "begins" | "over";

/**
 * One life of a trigger: runs the effects of its writes, one at a time and in order. A write that nothing stands before, and
 * whose effect is expected to take no time, is done while its writer looks on, without a message.
 */
export class Service<V> {
  #state: State = "waits";
  readonly #node: Node;
  readonly #reporter: Reporter;
  readonly #effect: Effect<V>;
  readonly #writes: Mailbox<Writes<V>>;
  readonly #life: ActorContext;
  /** What an effect sees whose write is done at once: its writer cannot give up. */
  readonly #writing: Writing;
  /** Another life has begun. */
  #isLeft = false;
  #begun: Begun | undefined = undefined;
  /** The last effect that was begun at once, and took time; never rejects. */
  #underway: Promise<void> | undefined = undefined;

  constructor({ node, reporter, effect, writes }: Parts<V>, life: ActorContext) {
    this.#node = node;
    this.#reporter = reporter;
    this.#effect = effect;
    this.#writes = writes;
    this.#life = life;
    this.#writing = { signal: life.signal };
  }

  /** Resolves when the life must end, and no effect runs any more. */
  async serve(): Promise<void> {
    const life = this.#life;
    life.signal.addEventListener("abort", () => (this.#state = "over"));
    const write: Effect<V> = (value, writing) => this.#run(value, writing);
    const begun = (one: Begun): Promise<void> | undefined => this.#takeOver(one);
    await this.#writes.serve(life, { write, begun }, { isFatal });
    await this.#underway;
  }

  /** Another life has begun: what this one still does changes nothing. */
  leave(): void {
    this.#isLeft = true;
  }

  /** Whether a write can be done at once. */
  isFree(): boolean {
    // Not asked after each message: who asks for the length of a mailbox makes it look at the signals of its senders.
    if (this.#state === "clears" && this.#writes.length === 0) this.#state = "free";
    return this.#state === "free" && isAtRest() && !isTurnLong();
  }

  /** A write is about to be queued. */
  makeWait(): void {
    if (this.#state === "over") return;
    if (this.#state === "begins") this.#begun = this.#enqueue();
    else if (this.#state === "free" && isTurnLong()) this.#enqueue(endOfTurn());
    this.#state = "waits";
  }

  writeAtOnce(value: V): Promise<void> {
    this.#state = "begins";
    this.#begun = undefined;
    let outcome: Promise<void> = done;
    try {
      const result = this.#effect(value, this.#writing);
      if (result !== undefined && isThenable(result)) return this.#follow(value, result);
      succeed(this.#node, value);
    } catch (thrown) {
      outcome = refusal(this.#failed(thrown, this.#writing));
    }
    this.#change("begins", "free");
    return outcome;
  }

  #change(from: State, to: State): void {
    if (this.#state === from) this.#state = to;
  }

  /** The effect takes time after all: from here on it is as if the write had been queued, as the first. */
  #follow(value: V, result: PromiseLike<void>): Promise<void> {
    this.makeWait();
    const begun = this.#begun ?? this.#enqueue();
    begun.outcome = this.#wait(value, this.#writing, result);
    this.#underway = begun.outcome.then(undefined, ignore);
    return begun.promise!;
  }

  #enqueue(outcome?: Promise<void>): Begun {
    const begun = new Begun(this, outcome);
    begun.promise = this.#writes.call("begun", begun);
    return begun;
  }

  #takeOver({ service, outcome }: Begun): Promise<void> | undefined {
    if (outcome === undefined || service === this) return outcome;
    throw new ActorStoppedError(
      `Write to trigger "${this.#node.name}" has no outcome: its life ended`,
    );
  }

  #run(value: V, writing: Writing): Promise<void> | undefined {
    try {
      const result = this.#effect(value, writing);
      if (isThenable(result)) return this.#wait(value, writing, result);
      this.#succeed(value);
    } catch (thrown) {
      throw this.#failed(thrown, writing);
    }
    this.#change("waits", "clears");
    return undefined;
  }

  async #wait(value: V, writing: Writing, result: PromiseLike<void>): Promise<void> {
    try {
      await result;
      this.#succeed(value);
    } catch (thrown) {
      throw this.#failed(thrown, writing);
    }
  }

  #succeed(value: V): void {
    if (!this.#isLeft) succeed(this.#node, value);
  }

  /** What its writer is told. */
  #failed(thrown: unknown, { signal }: Writing): unknown {
    // Who gave up asked for it.
    if (isAbort(thrown, signal)) return thrown;
    const error = this.#reporter.toError(thrown);
    if (!this.#isLeft) this.#node.error = error;
    this.#reporter.updateFailed(error);
    return error;
  }
}

/** A promise that rejects, and may be ignored. */
function refusal(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}
