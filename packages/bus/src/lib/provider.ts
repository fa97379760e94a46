/** Something with a value that can be read at any time. */
export interface Reader<V> {
  /** The current value. */
  read(): V;
}

/** Something that takes values. */
export interface Writer<V> {
  /** Resolves when the value has taken effect, and rejects when it has not. */
  readonly write: (value: V, options?: WriteOptions) => Promise<void>;
}

/** Something whose values can be followed. */
export interface Subscriber<V> {
  /** Each value from now on. */
  subscribe(options?: SubscribeOptions): AsyncIterable<V>;
}

/** Something that tells when it changes, without saying to what. */
export interface Watcher {
  /** A notification for each change from now on; changes that come while nobody looks make one notification. */
  watch(options?: SubscribeOptions): AsyncIterable<void>;
}

/** A value that can be read, followed and listened to. Whatever implements this works wherever a value of this package does. */
export interface Provider<V> extends Reader<V>, Subscriber<V>, Watcher {
  /** As it was given; in logs, errors and dashboards. */
  readonly name: string;
  /**
   * Calls `listener` after each change.
   * @returns a function that removes the listener
   */
  onChange(listener: () => void): () => void;
}

/** What dashboards show of a value. All values of this package are this; a `View` cannot be listened to. */
export interface Inspectable<V> {
  /** As it was given; in logs, errors and dashboards. */
  readonly name: string;
  /** What dashboards group by: `"signal"`, `"computed"` and so on. */
  readonly kind: string;
  /** What it was declared to come from. */
  readonly dependencies: readonly Dependency[];
  /** Updates that have succeeded, whether or not they brought another value. */
  readonly updates: number;
  /** The value, when and whether its last update succeeded, and whether it is old. Never throws. */
  status(): Status<V>;
  /**
   * Calls `listener` after each change.
   * @returns a function that removes the listener
   */
  readonly onChange?: ((listener: () => void) => () => void) | undefined;
}

/** What another value can depend on: it tells when it changes, by `onChange` or else by `watch`. */
export type Dependency = Watcher | Pick<Provider<unknown>, "onChange">;

/** What another value can take its values from. */
export type Source<V> = Reader<V> & Dependency;

/** Options of `subscribe` and `watch`. */
export interface SubscribeOptions {
  /** Ends the subscription when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `write`. */
export interface WriteOptions {
  /** Withdraws the write when it aborts; the promise rejects with its `reason`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds after which the write is withdrawn; the promise rejects with a `TimeoutError`.
   * @defaultValue `Infinity`
   */
  readonly timeout?: number | undefined;
}

/** A value, and how far it can be trusted. */
export interface Status<V> {
  /** The last good value; `undefined` where there was none. */
  readonly value: V | undefined;
  /** When the last update succeeded, in epoch milliseconds; `undefined` where none has. */
  readonly updatedAt: number | undefined;
  /** Why the last update failed; `undefined` when it succeeded. */
  readonly error: Error | undefined;
  /** Whether the value is old: no update of its signal, or of one that it comes from, succeeded within `staleAfter`. */
  readonly stale: boolean;
}
