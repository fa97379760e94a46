import { type Actor, type Child, childOf, RestartLimitError } from "@sup/core";
import { type Occurrence, whyOf } from "../../model/why.ts";
import type { EventType, LifecycleEvent } from "../../model/wire.ts";
import type { Health } from "../rows/value-health.ts";
import { errorLine } from "../text/error-text.ts";
import { nameOf } from "../text/name.ts";

/** What an observer was told beside the actor, and what the journal knows of it. */
export interface Facts {
  readonly error?: unknown;
  readonly restart?: number;
  readonly delay?: number;
  readonly along?: readonly string[] | undefined;
  readonly message?: string;
  readonly because?: string | undefined;
  readonly health?: Health;
  /** Milliseconds for which a value was not well, or a queue stood. */
  readonly lasted?: number;
  readonly queued?: number;
  readonly waits?: number;
}

const noFacts: Facts = {};

/**
 * One event: facts at first, and a sentence once somebody reads it, as most are never read. It holds on to no actor or
 * value, which may be gone, and to no error, which may hold on to whatever failed.
 */
export class Entry {
  readonly #seq: number;
  readonly #at: number = Date.now();
  readonly #type: EventType;
  readonly #actor: number;
  readonly #path: readonly string[];
  readonly #options: Child["options"] | undefined;
  readonly #supervisor: string | undefined;
  readonly #strategy: string | undefined;
  readonly #restarts: number;
  readonly #isOver: boolean;
  #facts: Facts;
  #event: LifecycleEvent | undefined;

  constructor(seq: number, type: EventType, actor: Actor, root: Actor, facts: Facts) {
    const child = childOf(actor);
    this.#seq = seq;
    this.#type = type;
    this.#actor = child?.id ?? (actor === root ? 0 : -1);
    this.#path = pathOf(actor, root);
    this.#options = child?.options;
    this.#supervisor = child && nameOf(child.supervisor);
    this.#strategy = child?.supervisor.strategy;
    this.#restarts = child?.restarts ?? 0;
    this.#isOver = child !== undefined && isOver(child);
    this.#facts = facts;
    if (facts.error === undefined && facts.health?.source === undefined) return;
    this.#event = this.#toEvent();
    this.#facts = noFacts;
  }

  get event(): LifecycleEvent {
    return (this.#event ??= this.#toEvent());
  }

  #toEvent(): LifecycleEvent {
    const { restart, delay } = this.#facts;
    const occurrence = this.#toOccurrence();
    return {
      seq: this.#seq,
      at: this.#at,
      type: this.#type,
      actor: this.#actor,
      path: this.#path,
      ...(occurrence.error !== undefined && { error: occurrence.error }),
      ...(restart !== undefined && { restart }),
      ...(delay !== undefined && { delay: Math.round(delay) }),
      why: whyOf(occurrence),
    };
  }

  #toOccurrence(): Occurrence {
    const { error, restart = this.#restarts, delay, along, message, because } = this.#facts;
    const { health, lasted, queued, waits } = this.#facts;
    const cause = firstCause(error);
    return {
      type: this.#type,
      name: this.#path.at(-1)!,
      supervisor: this.#supervisor,
      error: cause === undefined ? undefined : errorLine(cause),
      policy: this.#options?.policy,
      strategy: this.#strategy,
      restart,
      delay,
      along,
      because,
      isOver: this.#isOver,
      shutdownTimeout: this.#options?.shutdownTimeout,
      message,
      lasted,
      queued,
      waits,
      source: health?.source,
      silent: silenceOf(health, this.#at),
      limit: error instanceof RestartLimitError ? limitOf(error) : undefined,
    };
  }
}

/** Names from the root that is shown down to the actor. */
export function pathOf(actor: Actor, root: Actor): string[] {
  const path: string[] = [];
  for (let current: Actor | undefined = actor; current !== undefined;) {
    path.push(nameOf(current));
    current = current === root ? undefined : childOf(current)?.supervisor;
  }
  return path.toReversed();
}

export function isOver({ status }: Child): boolean {
  return status === "stopped" || status === "failed" || status === "abandoned";
}

/** What was behind a limit that was crossed, also where that ended one supervisor after the other. */
function firstCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof RestartLimitError) cause = cause.cause;
  return cause;
}

function silenceOf(health: Health | undefined, at: number): number | undefined {
  return health?.updatedAt === undefined ? undefined : at - health.updatedAt;
}

function limitOf({
  supervisorName,
  actorName,
  count,
  window,
}: RestartLimitError): Occurrence["limit"] {
  return { supervisor: supervisorName, actor: actorName, maxRestarts: count - 1, window };
}
