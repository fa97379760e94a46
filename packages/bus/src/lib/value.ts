import type { Actor, ActorContext } from "@sup/core";
import { inGraph } from "./foreign.ts";
import { refresh } from "./graph.ts";
import { flag, type Node } from "./node.ts";
import type { ProviderOptions } from "./options.ts";
import { Presence } from "./presence.ts";
import type { Dependency, Inspectable, Provider, Status, SubscribeOptions } from "./provider.ts";
import type { Reporter } from "./reporter.ts";
import { isStale } from "./staleness.ts";
import { toEpoch } from "./time.ts";
import { BufferedSubscription, Notifications, type Subscription } from "./subscription.ts";

const { derived } = flag;

/** What a kind of value brings along. */
interface Parts {
  readonly node: Node;
  readonly reporter: Reporter;
  readonly options: ProviderOptions;
  /** What to read while there is no value yet. */
  readonly readEarly: () => unknown;
}

/** A subscription of any kind that is being opened. */
type Opening = Pick<BufferedSubscription<unknown>, "end" | "open" | "push">;

const defaultBuffer = 16;

/**
 * A value that is an actor: it can be read at any time, and is kept up to date and broadcast while its actor runs.
 */
export abstract class Value<V> implements Provider<V>, Inspectable<V>, Actor {
  readonly name: string;
  abstract readonly kind: string;
  /** The current value. May be passed on without the object. */
  readonly read: () => V;
  /**
   * Calls `listener` after each change, when all that depends on the value is up to date. A listener that throws is
   * reported, and harms nobody. May be passed on without the object.
   * @returns a function that removes the listener
   */
  readonly onChange: (listener: () => void) => () => void;
  /** @internal */
  readonly [inGraph]: Node;
  readonly #reporter: Reporter;
  readonly #options: ProviderOptions;
  readonly #presence: Presence;
  /** Whether the actor has stopped for good, and was not started anew. */
  #isOver = false;

  /** @internal */
  protected constructor({ node, reporter, options, readEarly }: Parts) {
    this.name = node.name;
    this[inGraph] = node;
    node.startsWithCurrent = options.initialNotify === true;
    this.#reporter = reporter;
    this.#options = options;
    this.#presence = new Presence(() => this.#end());
    this.read = () => (node.isCurrent ? node.value : makeCurrent(node, readEarly)) as V;
    this.onChange = (listener) => node.listen(listener);
  }

  /** What it was declared to come from; nothing for what comes from outside. */
  get dependencies(): readonly Dependency[] {
    return [];
  }

  /** Updates that have succeeded, whether or not they brought another value. */
  get updates(): number {
    return this[inGraph].updates;
  }

  /** The value, when and whether its last update succeeded, and whether it is old. Never throws. */
  status(): Status<V> {
    const node = this[inGraph];
    try {
      const value = this.read();
      const updatedAt = toEpoch(node.updatedAt);
      return { value, updatedAt, error: node.error, stale: isStale(node) };
    } catch (thrown) {
      const error = this.#reporter.toError(thrown);
      return { value: undefined, updatedAt: undefined, error, stale: isStale(node) };
    }
  }

  /**
   * The values from now on, for one consumer. Where it is slow the oldest of `subscriberBuffer` values is lost, never the
   * newest. It ends when its signal aborts, and when the actor has stopped for good.
   */
  subscribe(options: SubscribeOptions = {}): Subscription<V> {
    const { subscriberBuffer = defaultBuffer } = this.#options;
    const subscription = new BufferedSubscription<V>(subscriberBuffer, options.signal);
    this.#open(subscription);
    return subscription;
  }

  /**
   * Notifications of changes from now on, for one consumer. Changes that come while it is busy make one notification. It
   * ends as a subscription does.
   */
  watch(options: SubscribeOptions = {}): Subscription<void> {
    const notifications = new Notifications(options.signal);
    this.#open(notifications);
    return notifications;
  }

  /** One life; for supervisors. */
  async run(context: ActorContext): Promise<void> {
    this.#isOver = false;
    this.#reporter.life = context;
    this.#presence.begin(context);
    await this.live(context);
  }

  /** What a kind of value does in one life. */
  protected abstract live(context: ActorContext): Promise<void>;

  #open(subscription: Opening): void {
    const node = this[inGraph];
    subscription.open((inlet) => node.join(inlet));
    if (node.startsWithCurrent) this.#pushInitial(subscription);
    if (this.#isOver) subscription.end();
  }

  #pushInitial(subscription: Opening): void {
    const node = this[inGraph];
    try {
      const value = this.read();
      if (node.hasValue) subscription.push(value, node.version);
    } catch {
      // There is no value yet, and `status` says why.
    }
  }

  #end(): void {
    this.#isOver = true;
    this[inGraph].audience?.end();
  }
}

function makeCurrent(node: Node, readEarly: () => unknown): unknown {
  if ((node.flags & derived) !== 0) refresh(node);
  return node.hasValue ? node.value : readEarly();
}
