import { show } from "./check.ts";
import type { Ejection } from "./ejection.ts";
import { type Hash, hashOf, type StickyKey } from "./rendezvous.ts";

/** One routee, and what its hub knows of it. */
export class Slot<Routee> {
  readonly routee: Routee;
  /** How many were added before it. */
  readonly order: number;
  /** What identifies it for `sticky`. */
  readonly id: string;
  readonly hash: Hash;
  /** Failures in a row through `retry`. */
  failures = 0;
  /** Why and until when it rests, while it does. */
  ejection: Ejection<Routee> | undefined = undefined;
  /** What ends its rest. */
  timer: ReturnType<typeof setTimeout> | undefined = undefined;
  /**
   * Its `length` is how busy the routee is: what `load` says; else, as far as the hub can see, its mailbox, or what the hub has
   * started on it and has not ended.
   */
  readonly queue: { readonly length: number };
  readonly #inFlight: { length: number } = { length: 0 };

  constructor(routee: Routee, order: number, key: StickyKey, load?: (routee: Routee) => number) {
    this.routee = routee;
    this.order = order;
    this.id = String(key);
    this.hash = hashOf(key);
    this.queue =
      load === undefined ? (mailboxOf(routee) ?? this.#inFlight) : new Load(routee, load);
  }

  /** Runs `work`, and counts it as in flight until it has settled; what it throws is a rejection. */
  async run<Result>(work: (routee: Routee) => Result | PromiseLike<Result>): Promise<Result> {
    this.#inFlight.length++;
    try {
      return await work(this.routee);
    } finally {
      this.#inFlight.length--;
    }
  }
}

/** What the caller's function says, each time anew. */
class Load<Routee> {
  readonly #routee: Routee;
  readonly #load: (routee: Routee) => number;

  constructor(routee: Routee, load: (routee: Routee) => number) {
    this.#routee = routee;
    this.#load = load;
  }

  get length(): number {
    const load = this.#load(this.#routee);
    if (typeof load === "number" && !Number.isNaN(load)) return load;
    throw new TypeError(
      `Cannot choose the least loaded: \`load\` must return a number, got ${show(load)}`,
    );
  }
}

interface MailboxLike {
  readonly length: number;
  readonly capacity: number;
}

/** The mailbox of an actor, or the routee itself where it is one; a function's `length` is something else. */
function mailboxOf(routee: unknown): MailboxLike | undefined {
  if (isMailbox(routee)) return routee;
  const { mailbox } = routee as { readonly mailbox?: unknown };
  return isMailbox(mailbox) ? mailbox : undefined;
}

function isMailbox(value: unknown): value is MailboxLike {
  const { length, capacity } = (value ?? {}) as Partial<MailboxLike>;
  return typeof length === "number" && typeof capacity === "number";
}
