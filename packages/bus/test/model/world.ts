import { type Actor, type ActorContext, type Child, Supervisor } from "@sup/core";
import { type Computed, computed, signal, type Subscription, throttle, trigger } from "@sup/bus";
import { expect, vi } from "vitest";
import { Cell } from "../cell.ts";
import { settled } from "../scene.ts";
import type { NodePlan, Plan, SourceKind, Step } from "./plan.ts";

/** What a function of a fragile value throws. */
class Broken extends Error {}

/** Something at the begin of the graph. */
interface Origin {
  readonly dependency: { read(): number; onChange(listener: () => void): () => void };
  readonly actors: readonly Actor[];
  change(value: number): Promise<void> | undefined;
  /** Whether it changes when nobody says so, so that runs cannot be counted. */
  readonly isTimed: boolean;
}

/** What the model has evaluated already, by the index of the value. */
type Known = Map<number, number | undefined>;

/** A computed value, and what the model knows of it. */
interface Subject {
  readonly value: Computed<number>;
  readonly plan: NodePlan;
  readonly dependencies: readonly number[];
  readonly isCounted: boolean;
  subscription: Subscription<number>;
  readonly goodValues: Set<number>;
  /** What its last run returned; `undefined` where that failed. */
  last: number | undefined;
  /** The change in which it ran last. */
  ranIn: number;
  /** How often all dependencies together had been updated when it ran last. */
  seen: number;
}

const interval = 10;

/**
 * A graph built from a plan, beside a model of it that evaluates everything anew from the sources at each question. It
 * checks each read that anybody does: functions, listeners, and the test in between.
 */
export class World {
  changes = 0;
  lives = 0;
  reads = 0;
  runs = 0;
  readonly #origins: Origin[];
  readonly #subjects: Subject[] = [];
  /** How often each value, sources first, has been updated. */
  readonly #updates: number[];
  readonly #root = new Supervisor("root", { policy: "permanent", restartDelay: 0 });
  readonly #actors: Actor[];
  readonly #children = new Map<Actor, Child>();
  readonly #crash = new Map<Actor, (error: Error) => void>();
  #nested = 0;
  /** What went wrong where nobody would see it be thrown. */
  readonly #problems: unknown[] = [];

  constructor(plan: Plan) {
    this.#origins = plan.sources.map((kind, at) => this.#origin(kind, at));
    this.#updates = [...plan.sources, ...plan.nodes].map(() => 0);
    for (const node of plan.nodes) this.#subjects.push(this.#subject(node));
    this.#actors = [
      ...this.#origins.flatMap(({ actors }) => actors),
      ...this.#subjects.map(({ value }) => value),
    ].map((actor) => this.#crashable(actor));
    for (const { on, changes, by } of plan.listeners) {
      const target = this.#origins[changes % this.#origins.length]!;
      this.#subjects[on % this.#subjects.length]!.value.onChange(() => this.#interfere(target, by));
    }
    for (const { value } of this.#subjects)
      value.onChange(() => this.#guard(() => this.#checkAll()));
    this.#root.start();
  }

  async act(step: Step): Promise<void> {
    this.#nested = 0;
    if (step.kind === "change") {
      await this.#origins[step.source % this.#origins.length]!.change(step.value);
    } else if (step.kind === "read") {
      this.#check(step.node % this.#subjects.length);
    } else if (step.kind === "pass") {
      await vi.advanceTimersByTimeAsync(step.ms);
    } else {
      await this.#live(step.kind, this.#actors[step.actor % this.#actors.length]!);
    }
    this.#checkAll();
    this.#throwProblems();
  }

  /** Lets all windows and timers pass, and checks that the last value has come to who follows it. */
  async end(): Promise<void> {
    // What listeners write goes through mailboxes, which may wait for a turn of the real loop.
    for (let round = 0; round < 5; round++) {
      await settled();
      await vi.advanceTimersByTimeAsync(100);
    }
    this.#checkAll();
    for (const { value, subscription } of this.#subjects) {
      const got = await drain(subscription);
      const isLive = this.#statusOf(value) === "ready";
      if (isLive && got.length > 0) expect(got.at(-1)).toBe(value.read());
    }
    await this.#root.stop();
    await vi.advanceTimersByTimeAsync(0);
    this.#checkAll();
    this.#throwProblems();
    for (const { dependency } of this.#origins) {
      if (dependency instanceof Cell) expect(dependency.listeners.size).toBe(0);
    }
    expect(vi.getTimerCount()).toBe(0);
  }

  #origin(kind: SourceKind, at: number): Origin {
    const changed = (): void => {
      this.changes++;
      this.#updates[at]!++;
    };
    if (kind === "trigger") {
      const level = trigger(`trigger ${at}`, changed as (value: number) => void, {
        initialValue: 0,
      });
      const change = async (value: number): Promise<void> => {
        if (this.#statusOf(level) === "ready") await level.write(value);
      };
      return { dependency: level, actors: [level], change, isTimed: false };
    }
    if (kind === "signal") {
      let next = 0;
      const update = (): number => {
        changed();
        return next;
      };
      const polled = signal(`signal ${at}`, update, { initialValue: 0, interval });
      const change = async (value: number): Promise<void> => {
        next = value;
        await vi.advanceTimersByTimeAsync(interval);
      };
      return { dependency: polled, actors: [polled], change, isTimed: false };
    }
    const cell = new Cell(`cell ${at}`, 0);
    const change = (value: number): undefined => {
      changed();
      cell.set(value);
    };
    if (kind === "cell") return { dependency: cell, actors: [], change, isTimed: false };
    const rare = throttle(`throttle ${at}`, cell, 15);
    return { dependency: rare, actors: [rare], change, isTimed: true };
  }

  #subject(plan: NodePlan): Subject {
    const at = this.#subjects.length;
    const before = this.#origins.length + at;
    const dependencies = plan.dependencies.map((one) => one % before);
    const list = dependencies.map((one) => this.#dependency(one));
    const value = computed(`node ${at}`, () => this.#run(at), plan.asFunction ? () => list : list, {
      ...(plan.hasEqual && { equal: Object.is }),
      coalesceWindow: plan.window,
    });
    const isCounted = dependencies.every((one) =>
      one < this.#origins.length
        ? !this.#origins[one]!.isTimed
        : this.#subjects[one - this.#origins.length]!.isCounted,
    );
    return {
      value,
      plan,
      dependencies,
      isCounted,
      subscription: value.subscribe(),
      goodValues: new Set(),
      last: undefined,
      ranIn: -1,
      seen: -1,
    };
  }

  #dependency(at: number): Origin["dependency"] {
    const { length } = this.#origins;
    return at < length ? this.#origins[at]!.dependency : this.#subjects[at - length]!.value;
  }

  #crashable(actor: Actor): Actor {
    const { name, mailbox } = actor;
    const run = (context: ActorContext): Promise<void> | void => {
      this.#crash.set(wrapped, context.fail);
      // What failed is tried anew in a new life.
      this.lives++;
      return actor.run(context);
    };
    const wrapped: Actor = { name, mailbox, run };
    // Not all of them run from the beginning.
    if (this.#children.size % 5 !== 4) this.#children.set(wrapped, this.#root.spawn(wrapped));
    else this.#children.set(wrapped, undefined as never);
    return wrapped;
  }

  #statusOf(actor: Actor): string | undefined {
    for (const [wrapped, child] of this.#children) {
      if (wrapped.name === actor.name) return child?.status;
    }
    return undefined;
  }

  #spawn(actor: Actor): void {
    this.#children.set(actor, this.#root.spawn(actor));
    const subject = this.#subjects.find(({ value }) => value.name === actor.name);
    // The one before ended with the actor.
    if (subject !== undefined) subject.subscription = subject.value.subscribe();
  }

  async #live(kind: "start" | "stop" | "restart" | "crash", actor: Actor): Promise<void> {
    const child = this.#children.get(actor);
    const isOver = child === undefined || ["stopped", "failed"].includes(child.status);
    if (kind === "start") {
      if (isOver) this.#spawn(actor);
    } else if (!isOver) {
      if (kind === "stop") await child.stop();
      if (kind === "restart") await child.restart();
      if (kind === "crash") this.#crash.get(actor)!(new Error("crash"));
    }
    await vi.advanceTimersByTimeAsync(1);
  }

  /** The function of a computed value: checks what it reads, and that it has to run at all. */
  #run(at: number): number {
    this.runs++;
    const subject = this.#subjects[at]!;
    const { dependencies, plan } = subject;
    const base = this.#origins.length;
    this.#guard(() => {
      for (const one of dependencies) if (one >= base) this.#check(one - base);
      if (plan.alsoReads !== undefined && at > 0) this.#check(plan.alsoReads % at);
      if (subject.isCounted) this.#count(subject);
    });
    const before = subject.last;
    subject.last = undefined;
    const inputs = dependencies.map((one) => this.#dependency(one).read());
    const result = evaluate(plan, inputs);
    if (!plan.hasEqual || result !== before) this.#updates[base + at]!++;
    subject.last = result;
    subject.goodValues.add(result);
    return result;
  }

  #count(subject: Subject): void {
    const { value, dependencies, last, ranIn, seen } = subject;
    const now = this.changes + this.lives;
    subject.ranIn = now;
    subject.seen = dependencies.reduce((total, one) => total + this.#updates[one]!, 0);
    expect(ranIn, `${value.name} ran twice for one change`).not.toBe(now);
    if (last === undefined) return;
    expect(seen, `${value.name} ran though nothing had changed`).not.toBe(subject.seen);
  }

  #interfere(origin: Origin, by: number): void {
    if (this.#nested++ >= 3) return;
    const changing = origin.change(origin.dependency.read() + by);
    // A trigger may stop before its turn.
    changing?.catch(() => {});
  }

  #checkAll(): void {
    const known: Known = new Map();
    for (let at = this.#subjects.length - 1; at >= 0; at--) this.#check(at, known);
  }

  /** Reads one value, and compares it with what it is when everything is evaluated anew. */
  #check(at: number, known: Known = new Map()): void {
    this.reads++;
    const { value, goodValues } = this.#subjects[at]!;
    const expected = this.#expected(at, known);
    const actual = tryRead(value);
    if (expected !== undefined) {
      if (actual !== expected) throw new Error(`${value.name} is ${actual}, not ${expected}`);
      return;
    }
    // It fails now: it has a value of before, if there was one.
    if (actual === undefined) expect(goodValues.size).toBe(0);
    else expect(goodValues).toContain(actual);
    expect(value.status().error).toBeInstanceOf(Error);
  }

  /** What a value must be; `undefined` when its function fails. */
  #expected(at: number, known: Known): number | undefined {
    if (known.has(at)) return known.get(at);
    const { plan, dependencies } = this.#subjects[at]!;
    const base = this.#origins.length;
    let expected: number | undefined;
    try {
      const inputs = dependencies.map((one) => {
        if (one < base) return this.#origins[one]!.dependency.read();
        return this.#expected(one - base, known) ?? this.#subjects[one - base]!.value.read();
      });
      expected = evaluate(plan, inputs);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
    known.set(at, expected);
    return expected;
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#problems.push(error);
    }
  }

  #throwProblems(): void {
    if (this.#problems.length > 0) throw this.#problems[0];
  }
}

/** What a function makes of what it reads: another result for almost any other input. */
function evaluate({ isFragile, dependencies }: NodePlan, inputs: readonly number[]): number {
  const sum = inputs.reduce((total, input, at) => total + (at + 2) * input, dependencies.length);
  const result = sum % 17;
  if (isFragile && result % 5 === 0) throw new Broken(`cannot take ${sum}`);
  return result;
}

function tryRead(value: Computed<number>): number | undefined {
  try {
    return value.read();
  } catch {
    return undefined;
  }
}

/** What waits in a subscription, which is over then. */
async function drain<V>(subscription: Subscription<V>): Promise<V[]> {
  const values: V[] = [];
  for (;;) {
    const next = await Promise.race([subscription.next(), Promise.resolve(undefined)]);
    if (next === undefined || next.done === true) break;
    values.push(next.value);
  }
  await subscription.return();
  return values;
}
