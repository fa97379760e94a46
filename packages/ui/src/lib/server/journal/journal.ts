import {
  type Actor,
  type AnyMessage,
  type Child,
  RestartLimitError,
  Supervisor,
  type SupervisorObserver,
} from "@sup/core";
import { childOf } from "../core-facts.ts";
import type { EventType, LifecycleEvent } from "../../model/wire.ts";
import { Entry, type Facts } from "./entry.ts";
import { Ring } from "./ring.ts";

const mostEvents = 1_000;
const mostPerActor = 50;
/** Events that are kept for single actors, over all of them. */
const mostForActors = 10_000;

/**
 * What happened under a root: the last 1,000 events, and the last 50 of each actor that something happened to lately. It
 * notes facts, and makes sentences of them when somebody reads.
 */
export class Journal implements SupervisorObserver {
  /** The number of the newest event. */
  seq = 0;
  /** How many there were of each type. */
  readonly totals: Map<EventType, number> = new Map();
  readonly #root: () => Supervisor;
  readonly #all: Ring<Entry> = new Ring(mostEvents);
  /** In the order in which something happened to them. */
  readonly #byActor: Map<number, Ring<Entry>> = new Map();
  #forActors = 0;

  constructor(root: () => Supervisor) {
    this.#root = root;
  }

  /** Events after number `seq`, as far as they are kept; oldest first. */
  since(seq: number): LifecycleEvent[] {
    return this.#all.newest(this.seq - seq).map((entry) => entry.event);
  }

  /** The last events of one actor, oldest first. */
  of(actor: number): LifecycleEvent[] {
    return (this.#byActor.get(actor)?.newest() ?? []).map((entry) => entry.event);
  }

  onActorRegistered(actor: Actor): void {
    this.#note("registered", actor);
  }

  onActorStarted(actor: Actor): void {
    this.#note("started", actor);
  }

  onActorReady(actor: Actor): void {
    this.#note("ready", actor);
  }

  onActorStopped(actor: Actor, error?: Error): void {
    this.#note("stopped", actor, { error });
  }

  onActorRestarting(actor: Actor, restart: number, error: Error | undefined, delay: number): void {
    this.#note("restarting", actor, { error, restart, delay, along: siblingsWith(actor) });
  }

  onActorAbandoned(actor: Actor): void {
    this.#note("abandoned", actor);
  }

  onMessageUndelivered(actor: Actor, message: AnyMessage, error: Error): void {
    this.#note("undelivered", actor, { error, message: message.type });
  }

  onSupervisorTerminal(error: Error): void {
    this.#note("terminal", supervisorOf(error, this.#root()), { error });
  }

  #note(type: EventType, actor: Actor, facts: Facts = {}): void {
    const entry = new Entry(++this.seq, type, actor, this.#root(), facts);
    this.totals.set(type, (this.totals.get(type) ?? 0) + 1);
    this.#all.push(entry);
    this.#keepFor(entry);
  }

  #keepFor(entry: Entry): void {
    const { actor } = entry;
    const ring = this.#byActor.get(actor) ?? new Ring<Entry>(mostPerActor);
    this.#forActors -= ring.length;
    ring.push(entry);
    this.#forActors += ring.length;
    this.#byActor.delete(actor);
    this.#byActor.set(actor, ring);
    for (const [oldest, { length }] of this.#byActor) {
      if (this.#forActors <= mostForActors) return;
      this.#byActor.delete(oldest);
      this.#forActors -= length;
    }
  }
}

/** Names of those that the strategy restarts with `actor`. */
function siblingsWith(actor: Actor): string[] | undefined {
  const child = childOf(actor);
  const strategy = child?.supervisor.strategy ?? "one-for-one";
  if (child === undefined || strategy === "one-for-one") return undefined;
  return child.supervisor.children
    .filter((sibling) => isTakenAlong(sibling, child, strategy))
    .map(({ actor: { name } }) => name);
}

function isTakenAlong(sibling: Child, child: Child, strategy: string): boolean {
  const { status, options } = sibling;
  const isOver = status === "stopped" || status === "failed" || status === "abandoned";
  const isAffected = strategy === "one-for-all" ? sibling !== child : sibling.id > child.id;
  return isAffected && !isOver && options.policy !== "temporary";
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
