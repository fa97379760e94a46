import { type ProblemKind, problemOf, problemOfValue } from "../../lib/model/problems.ts";
import type {
  ActorState,
  Change,
  EventType,
  LifecycleEvent,
  OwnCost,
  PageChange,
  PageSnapshot,
  ValueState,
} from "../../lib/model/wire.ts";
import { Minutes } from "./minute.ts";
import { type ActorRow, actorRow, type ValueRow, valueRow } from "./row.ts";

const keptEvents = 1_000;
/** Larger trees begin closed but for their first levels. */
const openAtOnce = 300;

/** Everything the page knows, kept by what the server tells; sums are carried up the tree as their parts change. */
export class Store {
  readonly rows = new Map<number, ActorRow>();
  readonly values = new Map<number, ValueRow>();
  /** Those with a problem; of a value in the tree its actor. */
  readonly troubled = new Set<ActorRow | ValueRow>();
  readonly minutes = new Minutes();
  /** Messages, and restarts, of the whole tree. */
  readonly messages: number = this.minutes.take();
  restarts: number = this.minutes.take();
  root: ActorRow | undefined;
  /** Oldest first. */
  events: LifecycleEvent[] = [];
  self: OwnCost = { viewers: 0, frames: 0, bytes: 0, skipped: 0, cpu: 0 };
  /** The process that is shown, and since when it is another one than before. */
  epoch: string | undefined;
  restartedAt: number | undefined;
  /** The server's clock, when it last told something. */
  now = 0;
  /** Grows when rows come, go or are opened. */
  structure = 0;
  /** The second that the rates are of. */
  second = 0;

  readonly #queued = new Set<ActorRow>();
  #busy = new Set<ActorRow>();
  #restartsThisSecond = 0;

  /** Everything anew; what stayed keeps its history and whether it is open. */
  load(snapshot: PageSnapshot): void {
    const epoch = snapshot.id.slice(0, snapshot.id.lastIndexOf(":"));
    if (this.epoch !== undefined && epoch !== this.epoch) {
      this.#forget();
      this.restartedAt = snapshot.now;
    }
    const fresh = this.rows.size === 0;
    this.epoch = epoch;
    this.now = snapshot.now;
    const there = new Set(snapshot.actors.map(({ id }) => id));
    this.#remove([...this.rows.keys()].filter((id) => !there.has(id)));
    for (const state of snapshot.actors) this.#put(state);
    const observed = new Set(snapshot.values.map(({ id }) => id));
    for (const id of [...this.values.keys()].filter((id) => !observed.has(id))) this.#drop(id);
    for (const state of snapshot.values) this.#putValue(state);
    this.#add(snapshot.events);
    if (fresh) this.#openFirst();
    if (fresh) this.#recall(snapshot);
    this.self = snapshot.self;
  }

  apply(change: PageChange): void {
    this.now = change.now;
    if (change.gone !== undefined) this.#remove(change.gone);
    for (const state of change.came ?? []) this.#put(state);
    for (const fields of change.actors ?? []) {
      const row = this.rows.get(fields.id);
      if (row !== undefined) this.#set(row, merged(row.state, fields));
    }
    for (const fields of change.values ?? []) {
      const row = this.values.get(fields.id);
      if (row !== undefined) this.#setValue(row, merged(row.state, fields));
    }
    this.#add(change.events ?? []);
    this.self = change.self ?? this.self;
  }

  /** Once a second: rates, histories, and what is a problem only because time went by. */
  tick(now: number): void {
    this.now = Math.max(now, this.now);
    const second = Math.floor(now / 1_000);
    const elapsed = this.second === 0 ? 1 : Math.max(1, second - this.second);
    if (second <= this.second) return;
    this.second = second;
    const busy = this.#busy;
    this.#busy = new Set();
    for (const row of busy) this.#rate(row, second, elapsed);
    for (const row of this.#queued) this.#judge(row);
    for (const { minute, state } of this.values.values()) {
      this.minutes.set(minute, second, numberOf(state), numberOf(state));
    }
    this.minutes.set(this.messages, second, this.root?.sums.rate ?? 0, Number.NaN);
    this.minutes.set(this.restarts, second, this.#restartsThisSecond, 0);
    this.#restartsThisSecond = 0;
  }

  /** The last minute of something, a point per second. */
  minute(place: number, after: number): number[] {
    return this.minutes.read(place, this.second, after);
  }

  restartsInLastMinute(): number {
    return this.minute(this.restarts, 0).reduce(
      (sum, count) => sum + (Number.isNaN(count) ? 0 : count),
      this.#restartsThisSecond,
    );
  }

  /** Of actors and values. */
  get problems(): number {
    return this.troubled.size;
  }

  setOpen(row: ActorRow, open: boolean): void {
    if (row.open === open) return;
    row.open = open;
    this.structure++;
  }

  /** Opens all above a row, so that the tree shows it. */
  reveal(row: ActorRow): void {
    for (let at = row.parent; at !== undefined; at = at.parent) this.setOpen(at, true);
  }

  /** The row at a path of names from the root down. */
  find(path: readonly string[]): ActorRow | undefined {
    const [first, ...rest] = path;
    let at = this.root?.state.name === first ? this.root : undefined;
    for (const name of rest) at = at?.children.find(({ state }) => state.name === name);
    return at;
  }

  #put(state: ActorState): void {
    const known = this.rows.get(state.id);
    if (known !== undefined && known.parent?.id === state.parent) return this.#set(known, state);
    if (known !== undefined) this.#remove([state.id]);
    const parent = state.parent === undefined ? undefined : this.rows.get(state.parent);
    if (state.parent !== undefined && parent === undefined) return;
    const row = actorRow(state, parent);
    row.open = this.rows.size < openAtOnce;
    this.rows.set(row.id, row);
    if (parent === undefined) this.root = row;
    else insert(parent.children, row);
    this.structure++;
    this.#carry(row, "actors", state.kind === "supervisor" ? 0 : 1);
    this.#carry(row, "queued", state.queued ?? 0);
    this.#carry(row, "restarts", state.restarts);
    this.#watchQueue(row);
    this.#judge(row);
  }

  #set(row: ActorRow, state: ActorState): void {
    const before = row.state;
    row.state = state;
    if (state.queued !== before.queued) {
      this.#carry(row, "queued", (state.queued ?? 0) - (before.queued ?? 0));
      this.#watchQueue(row);
    }
    if (state.restarts !== before.restarts) {
      const restarts = state.restarts - before.restarts;
      this.#carry(row, "restarts", restarts);
      this.#restartsThisSecond += Math.max(0, restarts);
    }
    if (state.handled !== before.handled) this.#busy.add(row);
    if (state.status !== before.status || state.restarts !== before.restarts) row.told++;
    this.#judge(row);
  }

  #watchQueue(row: ActorRow): void {
    if ((row.state.queued ?? 0) > 0) this.#queued.add(row);
    else this.#queued.delete(row);
  }

  #judge(row: ActorRow): void {
    const problem = problemOf(row.state, this.now);
    if (problem === row.problem) return;
    this.#carry(row, "problems", Number(!row.problem) - Number(!problem));
    this.#setProblem(row, problem, true);
    row.told++;
  }

  #setProblem(row: ActorRow | ValueRow, problem: ProblemKind | undefined, counts: boolean): void {
    const before = row.problem;
    row.problem = problem;
    if (problem === undefined || !counts) this.troubled.delete(row);
    else this.troubled.add(row);
    if (before === undefined) row.problemSince = this.now;
    else if (problem === undefined) {
      row.cleared = before;
      row.clearedAt = this.now;
    }
  }

  #rate(row: ActorRow, second: number, elapsed: number): void {
    if (row.gone) return;
    const handled = row.state.handled ?? 0;
    // In eighths, which add up exactly however often they are carried up and down.
    const rate = Math.round((Math.max(0, handled - row.counted) / elapsed) * 8) / 8;
    row.counted = handled;
    this.#carry(row, "rate", rate - row.rate);
    row.rate = rate;
    row.minute ??= this.minutes.take();
    this.minutes.set(row.minute, second, rate, 0);
    if (rate > 0) this.#busy.add(row);
  }

  #carry(row: ActorRow, sum: keyof ActorRow["sums"], by: number): void {
    if (by === 0) return;
    for (let at: ActorRow | undefined = row; at !== undefined; at = at.parent) at.sums[sum] += by;
  }

  #remove(ids: readonly number[]): void {
    const parents = new Set<ActorRow>();
    for (const id of ids) {
      const row = this.rows.get(id);
      if (row === undefined) continue;
      if (row.parent !== undefined) parents.add(row.parent);
      for (const sum of ["actors", "problems", "queued", "restarts", "rate"] as const) {
        this.#carry(row, sum, -row.sums[sum]);
      }
      this.#forgetRow(row);
    }
    // A thousand may leave one supervisor at once.
    for (const { children } of parents) {
      const left = children.filter((child) => !child.gone);
      children.length = 0;
      for (const child of left) children.push(child);
    }
    this.structure++;
  }

  #forgetRow(row: ActorRow): void {
    row.gone = true;
    this.rows.delete(row.id);
    this.#setProblem(row, undefined, false);
    this.#queued.delete(row);
    this.#busy.delete(row);
    if (row.minute !== undefined) this.minutes.give(row.minute);
    if (row === this.root) this.root = undefined;
    for (const child of row.children) this.#forgetRow(child);
  }

  #forget(): void {
    this.#remove([...this.rows.keys()]);
    for (const id of this.values.keys()) this.#drop(id);
    this.events = [];
    this.#restartsThisSecond = 0;
    this.minutes.give(this.restarts);
    this.restarts = this.minutes.take();
  }

  #putValue(state: ValueState): void {
    const known = this.values.get(state.id);
    if (known !== undefined) return this.#setValue(known, state);
    const row = valueRow(state, this.minutes.take());
    this.values.set(state.id, row);
    this.#setValue(row, state);
  }

  #setValue(row: ValueRow, state: ValueState): void {
    row.state = state;
    row.told++;
    // One in the tree is there with its actor, which has the same problem.
    this.#setProblem(row, problemOfValue(state), !this.rows.has(state.actor!));
  }

  #drop(id: number): void {
    const row = this.values.get(id);
    if (row === undefined) return;
    this.minutes.give(row.minute);
    this.values.delete(id);
    this.troubled.delete(row);
  }

  #add(events: readonly LifecycleEvent[]): void {
    const last = this.events.at(-1)?.seq ?? -1;
    const fresh = events.filter(({ seq }) => seq > last);
    if (fresh.length === 0) return;
    for (const { actor } of fresh) {
      const row = this.rows.get(actor);
      if (row !== undefined) row.told++;
    }
    this.events = [...this.events, ...fresh].slice(-keptEvents);
  }

  /** As many levels as fill a screen. */
  #openFirst(): void {
    if (this.rows.size <= openAtOnce) return;
    for (const row of this.rows.values()) row.open = false;
    const level = this.root === undefined ? [] : [this.root];
    let shown = 1;
    for (const row of level) {
      if (row.children.length === 0) continue;
      shown += row.children.length;
      if (row !== this.root && shown > 40) break;
      row.open = true;
      level.push(...row.children);
    }
  }

  /** Restarts of the last minute, and begins of problems, that the page was not there to see. */
  #recall({ events, now }: PageSnapshot): void {
    const counts = new Map<number, number>();
    for (const { type, at, actor } of events) {
      const row = this.rows.get(actor);
      // After another event it would be a new one.
      const isBegin = row?.problem && (begins[type] ?? type).includes(row.problem);
      if (row !== undefined) row.problemSince = isBegin ? at : now;
      const second = Math.floor(at / 1_000);
      if (type === "restarting" && at > now - 60_000)
        counts.set(second, (counts.get(second) ?? 0) + 1);
    }
    for (const [second, count] of counts) this.minutes.set(this.restarts, second, count, 0);
  }
}

/** The problems that an event may be the begin of, where its type does not say it. */
const begins: { readonly [Type in EventType]?: string } = {
  stopped: "failed",
  terminal: "failed",
  restarting: "backing off",
  // It failed before.
  "value-stale": "failed, stale",
};

/** `null` takes a field away. */
function merged<State extends object>(state: State, fields: Change<State>): State {
  const next = { ...state } as Record<string, unknown>;
  for (const [field, value] of Object.entries(fields)) {
    // Not deleted: an object that loses fields becomes a slow one.
    next[field] = value ?? undefined;
  }
  return next as State;
}

/** Siblings come in ascending order, nearly always at the end. */
function insert(children: ActorRow[], row: ActorRow): void {
  let place = children.length;
  while (place > 0 && children[place - 1]!.id > row.id) place--;
  children.splice(place, 0, row);
}

/** What a sparkline draws of a value. */
function numberOf({ type, text }: ValueState): number {
  if (type === "boolean") return text === "true" ? 1 : 0;
  return type === "number" && text !== undefined ? Number(text) : Number.NaN;
}
