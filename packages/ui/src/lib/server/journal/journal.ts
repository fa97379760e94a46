import type { Inspectable } from "@sup/bus";
import {
  type Actor,
  type AnyMessage,
  type Child,
  childOf,
  RestartLimitError,
  Supervisor,
  type SupervisorObserver,
} from "@sup/core";
import { stalledAfter } from "../../model/problems.ts";
import type { EventType, LifecycleEvent } from "../../model/wire.ts";
import type { Health } from "../rows/value-health.ts";
import { nameOf } from "../text/name.ts";
import { Entry, type Facts, isOver } from "./entry.ts";
import { Ring } from "./ring.ts";

const mostEvents = 1_000;
const mostPerActor = 50;
/** Events that are kept for single actors, over all of them. */
const mostForActors = 10_000;
/** Actors that one event is kept for beside its own. */
const mostOthers = 1_000;
/** Actors whose undelivered messages are counted. */
const mostLosers = 10_000;
/** Queues that stall, and values that became stale because of others, of which so many are noted within a second. */
const mostTold = 20;
/** Milliseconds for which a message counts as lost lately. */
const lossCounts = 60_000;

/** What is wrong with a value, as far as it was noted. */
interface Illness {
  /** When it began, as far as it was seen. */
  readonly at: number;
  readonly failed: boolean;
  readonly stale: boolean;
  readonly isNoted: boolean;
}

/** A queue that nobody takes from. */
interface Stall {
  /** When its oldest message was accepted. */
  readonly at: number;
  readonly isNoted: boolean;
}

/** Messages of one actor that will never be handled, each at most a minute after the one before. */
interface Loss {
  readonly count: number;
  /** When the last of them was given up. */
  readonly at: number;
}

/**
 * What happened under a root: the last 1,000 events, and the last 50 of each actor that something happened to lately. It
 * holds on to no actor.
 */
export class Journal implements SupervisorObserver {
  /** The number of the newest event. */
  seq = 0;
  /** How many there were of each type. */
  readonly totals: Map<EventType, number> = new Map();
  readonly #root: () => Supervisor;
  readonly #all: Ring<Entry> = new Ring(mostEvents);
  readonly #rings: WeakMap<Actor, Ring<Entry>> = new WeakMap();
  /** All of these, in the order in which something was added. */
  readonly #inOrder: Set<Ring<Entry>> = new Set();
  #forActors = 0;
  /** Why an actor that did not crash is being stopped. */
  readonly #reasons: WeakMap<Actor, string> = new WeakMap();
  /** Why the last life of an actor ended, where that was no crash of its own; `""` where nobody else was the cause. */
  readonly #ends: WeakMap<Actor, string> = new WeakMap();
  /** By the id of the actor, in the order in which they were added to. */
  readonly #losses: Map<number, Loss> = new Map();
  /** Those below the supervisor that gave up with an error. */
  readonly #affected: WeakMap<object, readonly Actor[]> = new WeakMap();

  readonly #illnesses: WeakMap<object, Illness> = new WeakMap();
  readonly #stalls: WeakMap<Actor, Stall> = new WeakMap();
  #toldSince = -Infinity;
  #told = 0;

  constructor(root: () => Supervisor) {
    this.#root = root;
  }

  /** Events after number `seq`, as far as they are kept; oldest first. */
  since(seq: number): LifecycleEvent[] {
    return this.#all.newest(this.seq - seq).map(({ event }) => event);
  }

  /** The last events of one actor, oldest first; what took it along is an event of its own, too. */
  of(actor: Actor): LifecycleEvent[] {
    return (this.#rings.get(actor)?.newest() ?? []).map(({ event }) => event);
  }

  /** Why the last life of an actor ended: `undefined` by its own crash, as far as is known, `""` by nobody else's doing. */
  endOf(actor: Actor): string | undefined {
    return this.#ends.get(actor);
  }

  /** What an actor lost within the last minute. */
  lossOf(id: number): Loss | undefined {
    if (this.#losses.size === 0) return undefined;
    const loss = this.#losses.get(id);
    if (loss === undefined || Date.now() - loss.at <= lossCounts) return loss;
    this.#losses.delete(id);
    return undefined;
  }

  onActorRegistered(actor: Actor): void {
    this.#note("registered", actor);
  }

  onActorStarted(actor: Actor): void {
    this.#reasons.delete(actor);
    // A root that was started again is no actor that this is told of.
    const supervisor = childOf(actor)?.supervisor;
    if (supervisor !== undefined) this.#reasons.delete(supervisor);
    this.#note("started", actor);
  }

  onActorReady(actor: Actor): void {
    this.#note("ready", actor);
  }

  onActorStopped(actor: Actor, error?: Error): void {
    const because = error === undefined ? this.#reasonOf(actor) : undefined;
    if (error === undefined) this.#ends.set(actor, because ?? "");
    else this.#ends.delete(actor);
    this.#note("stopped", actor, { error, because });
  }

  onActorRestarting(actor: Actor, restart: number, error: Error | undefined, delay: number): void {
    const siblings = siblingsWith(actor);
    const reason = `taken along by ${nameOf(actor)} (${childOf(actor)?.supervisor.strategy})`;
    for (const sibling of siblings ?? []) {
      this.#reasons.set(sibling, reason);
      this.#ends.set(sibling, reason);
    }
    const along = siblings?.map(nameOf);
    const others = [...(siblings ?? []), ...this.#affectedBy(error)];
    this.#note("restarting", actor, { error, restart, delay, along }, others);
  }

  onActorAbandoned(actor: Actor): void {
    this.#note("abandoned", actor);
  }

  onMessageUndelivered(actor: Actor, message: AnyMessage, error: Error): void {
    this.#note("undelivered", actor, { error, message: message.type });
    const id = childOf(actor)?.id;
    if (id !== undefined) this.#lose(id);
  }

  onSupervisorTerminal(error: Error): void {
    const supervisor = supervisorOf(error, this.#root());
    this.#reasons.set(supervisor, `as supervisor "${nameOf(supervisor)}" gave up`);
    const below = supervisor.children.map(({ actor }) => actor);
    const affected = [...below, ...this.#affectedBy(error.cause)];
    this.#affected.set(error, affected);
    this.#note("terminal", supervisor, { error }, affected);
  }

  /** How a value is. Of what was noted before nothing is noted again. */
  noteHealth(value: Inspectable<unknown>, health: Health): void {
    const { error, stale, source } = health;
    const before = this.#illnesses.get(value);
    const actor = value as object as Actor;
    if (error === undefined && !stale) {
      this.#illnesses.delete(value);
      if (before?.isNoted) this.#note("value-recovered", actor, { lasted: Date.now() - before.at });
      return;
    }
    const failed = error !== undefined && before?.failed !== true;
    const aged = stale && before?.stale !== true && (source === undefined || this.#mayTell());
    const { at = Date.now(), isNoted = false } = before ?? {};
    this.#illnesses.set(value, {
      at,
      failed: error !== undefined,
      stale,
      isNoted: isNoted || failed || aged,
    });
    if (failed) this.#note("value-failed", actor, { error });
    if (aged) this.#note("value-stale", actor, { health });
  }

  /** How the queue of an actor is. One that is around the limit is not noted again and again. */
  noteQueue(actor: Actor, queued: number, oldestAt: number | undefined): void {
    const now = Date.now();
    const waits = queued === 0 || oldestAt === undefined ? 0 : now - oldestAt;
    const stall = this.#stalls.get(actor);
    if (stall === undefined && waits > stalledAfter) {
      const isNoted = this.#mayTell();
      this.#stalls.set(actor, { at: now - waits, isNoted });
      if (isNoted) this.#note("stalled", actor, { queued, waits });
    } else if (stall !== undefined && waits < stalledAfter / 2) {
      this.#stalls.delete(actor);
      // The queue of one that has stopped for good was given up.
      const child = childOf(actor);
      const flows = stall.isNoted && (child === undefined || !isOver(child));
      if (flows) this.#note("flowing", actor, { lasted: now - stall.at });
    }
  }

  /** Whether one more is to be noted of what befalls thousands at once where it does so: all that come from one, above all. */
  #mayTell(): boolean {
    const now = Date.now();
    if (now - this.#toldSince >= 1_000) {
      this.#toldSince = now;
      this.#told = 0;
    }
    return this.#told++ < mostTold;
  }

  /** `others` are those whose own event it is, too. */
  #note(type: EventType, actor: Actor, facts: Facts = {}, others: readonly Actor[] = []): void {
    const entry = new Entry(++this.seq, type, actor, this.#root(), facts);
    this.totals.set(type, (this.totals.get(type) ?? 0) + 1);
    this.#all.push(entry);
    this.#keep(actor, entry);
    for (const other of others.slice(0, mostOthers)) this.#keep(other, entry);
  }

  #lose(id: number): void {
    const count = (this.lossOf(id)?.count ?? 0) + 1;
    this.#losses.delete(id);
    this.#losses.set(id, { count, at: Date.now() });
    if (this.#losses.size <= mostLosers) return;
    for (const oldest of this.#losses.keys()) return void this.#losses.delete(oldest);
  }

  #keep(actor: Actor, entry: Entry): void {
    const ring = this.#rings.get(actor) ?? new Ring<Entry>(mostPerActor);
    this.#rings.set(actor, ring);
    this.#forActors -= ring.length;
    ring.push(entry);
    this.#forActors += ring.length;
    this.#inOrder.delete(ring);
    this.#inOrder.add(ring);
    if (this.#forActors > mostForActors) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const oldest of this.#inOrder) {
      if (this.#forActors <= mostForActors) return;
      this.#inOrder.delete(oldest);
      this.#forActors -= oldest.length;
      oldest.clear();
    }
  }

  #reasonOf(actor: Actor): string | undefined {
    const supervisor = childOf(actor)?.supervisor;
    return this.#reasons.get(actor) ?? (supervisor && this.#reasons.get(supervisor));
  }

  #affectedBy(error: unknown): readonly Actor[] {
    return (error instanceof RestartLimitError && this.#affected.get(error)) || [];
  }
}

/** Those that the strategy restarts with `actor`; `undefined` where each is restarted alone. */
function siblingsWith(actor: Actor): Actor[] | undefined {
  const child = childOf(actor);
  const strategy = child?.supervisor.strategy ?? "one-for-one";
  if (child === undefined || strategy === "one-for-one") return undefined;
  const isTaken = (sibling: Child): boolean =>
    (strategy === "one-for-all" ? sibling !== child : sibling.id > child.id) &&
    !isOver(sibling) &&
    sibling.options.policy !== "temporary";
  return child.supervisor.children.filter(isTaken).map((sibling) => sibling.actor);
}

/** The supervisor that gave up with `error`, which says no more than names. */
function supervisorOf(error: Error, root: Supervisor): Supervisor {
  if (!(error instanceof RestartLimitError)) return root;
  const named = supervisorsIn(root).filter(({ name }) => name === error.supervisorName);
  const isMeant = ({ children }: Supervisor): boolean =>
    children.some(({ lastError }) => lastError === error.cause);
  return named.find(isMeant) ?? named[0] ?? root;
}

function supervisorsIn(root: Supervisor): Supervisor[] {
  const supervisors = [root];
  // Visits what is added on the way, too.
  for (const { children } of supervisors) {
    for (const { actor } of children) if (actor instanceof Supervisor) supervisors.push(actor);
  }
  return supervisors;
}
