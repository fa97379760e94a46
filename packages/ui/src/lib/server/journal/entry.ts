import { type Actor, type Child, RestartLimitError, type Supervisor } from "@sup/core";
import { childOf } from "../core-facts.ts";
import { type Occurrence, whyOf } from "../../model/why.ts";
import type { EventType, LifecycleEvent } from "../../model/wire.ts";
import { errorLine } from "../text/error-text.ts";
import { nameOf } from "../text/name.ts";

/** What an observer was told beside the actor. */
export interface Facts {
  readonly error?: Error | undefined;
  readonly restart?: number;
  readonly delay?: number;
  readonly along?: readonly string[] | undefined;
  readonly message?: string;
}

/** One event: facts at first, and a sentence once somebody reads it. Most are never read. */
export class Entry {
  /** The id of its child; 0 for a root that is nobody's. */
  readonly actor: number;
  readonly #seq: number;
  readonly #at: number = Date.now();
  readonly #type: EventType;
  readonly #path: readonly string[];
  readonly #child: Child | undefined;
  readonly #restarts: number;
  readonly #isOver: boolean;
  readonly #facts: Facts;
  #event: LifecycleEvent | undefined;

  constructor(seq: number, type: EventType, actor: Actor, root: Supervisor, facts: Facts) {
    const child = childOf(actor);
    this.actor = child?.id ?? 0;
    this.#seq = seq;
    this.#type = type;
    this.#path = pathOf(actor, root);
    this.#child = child;
    this.#restarts = child?.restarts ?? 0;
    this.#isOver = child !== undefined && isOver(child);
    this.#facts = facts;
  }

  get event(): LifecycleEvent {
    return (this.#event ??= this.#toEvent());
  }

  #toEvent(): LifecycleEvent {
    const { error, restart, delay } = this.#facts;
    return {
      seq: this.#seq,
      at: this.#at,
      type: this.#type,
      actor: this.actor,
      path: this.#path,
      ...(error && { error: errorLine(error) }),
      ...(restart !== undefined && { restart }),
      ...(delay !== undefined && { delay }),
      why: whyOf(this.#occurrence()),
    };
  }

  #occurrence(): Occurrence {
    const { error, restart = this.#restarts, delay, along, message } = this.#facts;
    const child = this.#child;
    const isLimit = this.#type === "terminal" && error instanceof RestartLimitError;
    const cause = isLimit ? (error.cause ?? undefined) : error;
    return {
      type: this.#type,
      name: this.#path.at(-1)!,
      supervisor: child?.supervisor.name,
      error: cause === undefined ? undefined : errorLine(cause),
      policy: child?.options.policy,
      strategy: child?.supervisor.strategy,
      restart,
      delay,
      along,
      isOver: this.#isOver,
      shutdownTimeout: child?.options.shutdownTimeout,
      message,
      ...(isLimit && {
        culprit: error.actorName,
        maxRestarts: error.count - 1,
        window: error.window,
      }),
    };
  }
}

/** Names from the root that is shown down to the actor. */
export function pathOf(actor: Actor, root: Actor): string[] {
  const path: string[] = [];
  for (let current: Actor | undefined = actor; current !== undefined;) {
    path.push(nameOf(current));
    if (current === root) break;
    current = childOf(current)?.supervisor;
  }
  return path.reverse();
}

export function isOver({ status }: Child): boolean {
  return status === "stopped" || status === "failed" || status === "abandoned";
}
