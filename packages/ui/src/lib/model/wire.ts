/**
 * What travels between the dashboard's server and its page. All times are epoch milliseconds of the server's clock; what is
 * not known is left out. In a change, `null` says that a field is no longer there.
 */

/** Where an actor is: what core says of a child. */
export type ActorStatus =
  | "starting"
  | "running"
  | "ready"
  | "waiting"
  | "stopping"
  | "stopped"
  | "failed"
  | "abandoned";

/** How near a supervisor, or one child of it, is to its restart limit. */
export interface BudgetState {
  /** Restarts that count now. */
  readonly used: number;
  readonly max: number;
  /** Milliseconds for which a restart counts. */
  readonly window: number;
  /** When the oldest of them no longer counts. */
  readonly freesAt?: number;
}

/** One actor, one row of the tree. */
export interface ActorState {
  /** The id of its child; 0 for the root that is nobody's. Siblings come in ascending order. */
  readonly id: number;
  /** The supervisor's id; left out for the root. */
  readonly parent?: number;
  readonly name: string;
  /** `"supervisor"`, `"actor"`, `"task"`, `"signal"`, or what else it calls itself. */
  readonly kind: string;
  /** When it is started again; left out for the root. */
  readonly policy?: string;
  /** Of a supervisor: who is restarted together. */
  readonly strategy?: string;
  readonly status: ActorStatus;
  readonly restarts: number;
  /** When its present or last life began. */
  readonly startedAt?: number;
  /** When its next life begins, while it waits for that. */
  readonly restartsAt?: number;
  /** The crash that ended its last life, in one line, also when it was restarted since. */
  readonly lastError?: string;
  /** Why its last life ended, where that was no crash of its own: who took it along. */
  readonly because?: string;
  /** Messages that are queued, and that may be. */
  readonly queued?: number;
  readonly capacity?: number;
  /** When the oldest queued message was accepted. */
  readonly oldestAt?: number;
  /** Messages that were handed to the actor so far. */
  readonly handled?: number;
  /** Messages of the last minute that will never be handled, each at most a minute after the one before, and when the last was. */
  readonly undelivered?: number;
  readonly undeliveredAt?: number;
  /** Of a value of the bus: why its last update failed, in one line. */
  readonly valueError?: string;
  /** Of a value of the bus, as `ValueState` has them; `updatedAt` only while it is stale. */
  readonly stale?: boolean;
  readonly staleFrom?: string;
  readonly cause?: string;
  readonly updatedAt?: number;
  /** Where the limit counts: with the child, or with the supervisor that restarts groups. */
  readonly budget?: BudgetState;
}

/** The type of a value, as the page draws it. */
export type ValueType = "boolean" | "number" | "string" | "json" | "none";

/** One observed value, one row of the panel of values. */
export interface ValueState {
  /** Its place in `observe`, from 0; -1 for one that is in the tree only. */
  readonly id: number;
  readonly name: string;
  /** `"signal"`, `"computed"`, … */
  readonly kind: string;
  readonly type: ValueType;
  /** JSON, redacted and cut to 200 characters; left out where there is no value. */
  readonly text?: string;
  /** When its last update succeeded. */
  readonly updatedAt?: number;
  readonly stale?: boolean;
  /** Why its last update failed, in one line. */
  readonly error?: string;
  /** Of one that is stale because of another: the name of that. */
  readonly staleFrom?: string;
  /** The same as a line, with what that says: `old because of reading: no answer`; left out where there is an error. */
  readonly cause?: string;
  /** Names of the values that it comes from. */
  readonly from?: readonly string[];
  /** The actor that it is, where it is in the tree. */
  readonly actor?: number;
}

export type EventType =
  | "registered"
  | "started"
  | "ready"
  | "stopped"
  | "restarting"
  | "abandoned"
  | "undelivered"
  | "terminal"
  | "stalled"
  | "flowing"
  | "value-failed"
  | "value-stale"
  | "value-recovered";

/**
 * Something that happened to an actor. What nobody tells of, as that a queue stalls or a value is old, is noted when it is seen:
 * at once while somebody looks, within some ten seconds otherwise.
 */
export interface LifecycleEvent {
  /** Ascending, as long as the process lives. Of more than 1,000 between two changes the oldest are left out. */
  readonly seq: number;
  readonly at: number;
  readonly type: EventType;
  /** The actor; it may be gone. -1 for a value that is none in a tree. */
  readonly actor: number;
  /** Names from the root down. */
  readonly path: readonly string[];
  /** In one line. */
  readonly error?: string;
  /** Of `restarting`: which restart, and after how many milliseconds. */
  readonly restart?: number;
  readonly delay?: number;
  /** What happened and why, as one readable line. */
  readonly why: string;
}

/** What the dashboard costs. */
export interface OwnCost {
  readonly viewers: number;
  /** Per second, over all viewers. */
  readonly frames: number;
  readonly bytes: number;
  /** Frames that slow viewers skipped, in total. */
  readonly skipped: number;
  /** Share of one core that the dashboard used over the last seconds, 0 to 1. */
  readonly cpu: number;
}

/** `GET api/v1/snapshot`, gzipped: everything, and where the stream goes on. */
export interface PageSnapshot {
  readonly version: 1;
  /** `epoch:sequence`: the process, and how far its changes went. */
  readonly id: string;
  readonly now: number;
  /** Milliseconds between two changes of the stream. */
  readonly tick: number;
  /** Parents come before their children. */
  readonly actors: readonly ActorState[];
  readonly values: readonly ValueState[];
  /** The last 1,000, oldest first. */
  readonly events: readonly LifecycleEvent[];
  readonly self: OwnCost;
}

/** The fields of a row that changed. */
export type Change<State> = { readonly id: number } & {
  readonly [Field in Exclude<keyof State, "id">]?: State[Field] | null;
};

/**
 * `GET api/v1/stream?after=ID`: one SSE event `change` per tick in which something changed, its `id` as that of a snapshot.
 * The event `resync` says that changes since `after` are no longer known: take a new snapshot. The stream goes on after the
 * `id` of that event; changes up to that of the snapshot are to be passed over. Where nothing else is told a comment says
 * that the connection lives, each 2 s at the latest.
 *
 * A change of a viewer that was slow, or away, has all that it missed. Applied to any state in between it leads to the state
 * of its `id`, too.
 */
export interface PageChange {
  readonly now: number;
  /** Applied in this order: who is gone, who is new (parents first), whose fields changed. */
  readonly gone?: readonly number[];
  readonly came?: readonly ActorState[];
  readonly actors?: readonly Change<ActorState>[];
  readonly values?: readonly Change<ValueState>[];
  readonly events?: readonly LifecycleEvent[];
  readonly self?: OwnCost;
}

/** An error with what caused it, outermost first. */
export interface ErrorDetail {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** `GET api/v1/actors/ID`: what only the one who looks at it needs; 404 when it is gone. */
export interface ActorDetail {
  readonly actor: ActorState;
  readonly path: readonly string[];
  /** Label and value, as its supervisor resolved them: policy, delays, limit, shutdown timeout, strategy … */
  readonly options: readonly (readonly [label: string, value: string])[];
  readonly errors: readonly ErrorDetail[];
  /** When it failed with them; left out where that was forgotten. */
  readonly errorAt?: number;
  /** The last 50, oldest first. */
  readonly events: readonly LifecycleEvent[];
  /** The last thing that went wrong: which error, which policy, what was restarted or stopped. */
  readonly why?: string;
  /** Where it is a value of the bus. */
  readonly value?: ValueDetail;
}

/** `GET api/v1/values/ID` */
export interface ValueDetail extends ValueState {
  /** JSON, redacted and cut to 2 kB and a depth of 4. */
  readonly full?: string;
}
