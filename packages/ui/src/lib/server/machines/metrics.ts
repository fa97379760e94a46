import { Counter, Gauge, Registry } from "prom-client";
import { type ProblemKind, problemKinds, problemOf, problemOfValue } from "../../model/problems.ts";
import type { ActorState } from "../../model/wire.ts";
import type { Feed } from "../feed/feed.ts";
import { givenNameOf } from "../text/name.ts";
import { MetricPaths } from "./metric-paths.ts";

/** Actors that have series of their own; of a tree that is larger those that came first. */
const mostActors = 1_000;

const statuses = [
  "starting",
  "running",
  "ready",
  "waiting",
  "stopping",
  "stopped",
  "failed",
  "abandoned",
] as const;

/** The tree as Prometheus reads it, in a registry of its own; what it says is read when it is asked. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #feed: Feed;
  readonly #actors = this.#gauge("sup_actors", "Actors by status.", "status");
  readonly #events = this.#counter("sup_events_total", "Events by type.", "type");
  readonly #omitted = this.#gauge(
    "sup_actors_omitted",
    `Actors without series of their own, past ${mostActors}.`,
  );
  readonly #up = this.#gauge("sup_actor_up", "Whether the actor runs.", "path", "kind");
  readonly #restarts = this.#counter("sup_actor_restarts_total", "Restarts of the actor.", "path");
  readonly #queued = this.#gauge("sup_mailbox_messages", "Messages that are queued.", "path");
  readonly #capacity = this.#gauge("sup_mailbox_capacity", "Messages that may be queued.", "path");
  readonly #handled = this.#counter(
    "sup_mailbox_handled_total",
    "Messages that were handed to the actor.",
    "path",
  );
  readonly #budget = this.#gauge(
    "sup_restart_budget_used",
    "Share of the restart limit that is used up.",
    "path",
  );
  readonly #problems = this.#gauge("sup_problems", "Problems by kind.", "kind");
  readonly #failed = this.#gauge(
    "sup_value_failed",
    "Whether the last update of the value failed.",
    "path",
  );
  readonly #stale = this.#gauge("sup_value_stale", "Whether the value is stale.", "path");
  readonly #viewers = this.#gauge("sup_dashboard_viewers", "Pages that look.");

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    this.#read();
    return this.#registry.metrics();
  }

  #read(): void {
    const { journal, rows, values, viewers } = this.#feed;
    this.#feed.refresh();
    this.#registry.resetMetrics();
    for (const [type, count] of journal.totals) this.#events.inc({ type }, count);
    for (const status of statuses) this.#actors.set({ status }, 0);
    for (const kind of problemKinds) this.#problems.set({ kind }, 0);
    this.#viewers.set(viewers);
    const states = rows.states();
    this.#omitted.set(Math.max(0, states.length - mostActors));
    const now = Date.now();
    for (const state of states) {
      this.#actors.inc({ status: state.status });
      this.#count(problemOf(state, now));
    }
    const paths = new MetricPaths();
    for (const state of states.slice(0, mostActors)) {
      const { id, parent } = state;
      const name = givenNameOf(rows.get(id)!.actor);
      this.#readActor(state, paths.of({ id, ...(parent !== undefined && { parent }), name }));
    }
    // The others are there with their actors.
    const apart = values.filter(({ state }) => state.actor === undefined);
    for (const { state, value } of apart) {
      const { id, error, stale } = state;
      this.#count(problemOfValue(state));
      this.#readValue(paths.of({ id: -1 - id, name: givenNameOf(value) }), error, stale);
    }
  }

  #count(kind: ProblemKind | undefined): void {
    if (kind !== undefined) this.#problems.inc({ kind });
  }

  #readValue(path: string, error: string | undefined, stale = false): void {
    this.#failed.set({ path }, error === undefined ? 0 : 1);
    this.#stale.set({ path }, stale ? 1 : 0);
  }

  #readActor(state: ActorState, path: string): void {
    const { id, status, kind, restarts, queued, capacity, handled, budget } = state;
    const { valueError, stale } = state;
    this.#up.set({ path, kind }, status === "running" || status === "ready" ? 1 : 0);
    this.#restarts.inc({ path }, restarts);
    if (queued !== undefined) this.#queued.set({ path }, queued);
    if (capacity !== undefined) this.#capacity.set({ path }, capacity);
    if (handled !== undefined) this.#handled.inc({ path }, handled);
    if (budget !== undefined)
      this.#budget.set({ path }, budget.max === 0 ? 1 : budget.used / budget.max);
    if (this.#feed.rows.get(id)?.isValue) {
      this.#readValue(path, valueError, stale);
    }
  }

  #counter<Label extends string>(
    name: string,
    help: string,
    ...labelNames: Label[]
  ): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge<Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }
}
