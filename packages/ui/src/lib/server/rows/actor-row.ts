import { type Actor, type Child, type RestartBudget, Supervisor } from "@sup/core";
import type { ActorState, BudgetState, Change } from "../../model/wire.ts";
import type { Journal } from "../journal/journal.ts";
import { errorLine } from "../text/error-text.ts";
import { kindOf, nameOf } from "../text/name.ts";
import { toInspectable } from "./inspectable.ts";
import { Row } from "./row.ts";
import { causeOf, type Health, HealthCheck } from "./value-health.ts";

/** One actor as it was told last. */
export class ActorRow extends Row<ActorState> {
  /** The walk that has met it last. */
  seen = 0;
  readonly actor: Actor;
  readonly child: Child | undefined;
  readonly #journal: Journal | undefined;
  /** Where it is a value of the bus. */
  readonly #check: HealthCheck | undefined;
  #lastError: Error | undefined;
  #crash: Error | undefined;

  constructor(
    actor: Actor,
    child: Child | undefined,
    parent: number | undefined,
    journal?: Journal,
  ) {
    super({
      id: child?.id ?? 0,
      parent,
      name: nameOf(actor),
      kind: kindOf(actor),
      policy: child?.options.policy,
      strategy: actor instanceof Supervisor ? actor.strategy : undefined,
      status: "starting",
      restarts: 0,
      startedAt: undefined,
      restartsAt: undefined,
      lastError: undefined,
      because: undefined,
      queued: undefined,
      capacity: undefined,
      oldestAt: undefined,
      handled: undefined,
      undelivered: undefined,
      undeliveredAt: undefined,
      valueError: undefined,
      stale: undefined,
      staleFrom: undefined,
      cause: undefined,
      updatedAt: undefined,
      budget: undefined,
    });
    this.actor = actor;
    this.child = child;
    this.#journal = journal;
    const value = toInspectable(actor);
    this.#check = value && new HealthCheck(value, journal);
    this.read();
  }

  /** Whether it is a value of the bus. */
  get isValue(): boolean {
    return this.#check !== undefined;
  }

  /** Reads the actor; returns what has changed since it was read before. */
  read(): Change<ActorState> | undefined {
    if (this.child !== undefined) this.#readChild(this.child);
    else this.#readRoot(this.actor as Supervisor);
    try {
      this.#readMailbox(this.actor);
    } catch (error) {
      // It is its own matter, and harms this row alone.
      this.set("lastError", `Cannot read its mailbox: ${errorLine(error)}`);
    }
    if (this.#check !== undefined) this.#setHealth(this.#check.read());
    return this.takeChanges();
  }

  #readChild(child: Child): void {
    const { status, restarts } = child;
    const mayHaveUsed = this.#mayHaveUsed(child);
    const restartsAt = status === "waiting" ? child.restartsAt : undefined;
    if (this.#hasMoved(child, restartsAt)) this.#setEnd(child);
    this.set("status", status);
    this.set("restarts", restarts);
    this.set("startedAt", child.startedAt);
    this.set("restartsAt", restartsAt);
    this.#readLosses();
    const group = this.actor instanceof Supervisor ? this.actor.restartBudget : undefined;
    if (group !== undefined || mayHaveUsed) this.#setBudget(group ?? child.restartBudget);
  }

  /** The journal is asked only when something may have happened. */
  #hasMoved({ status, restarts, lastError }: Child, restartsAt: number | undefined): boolean {
    const { fields } = this;
    return (
      status !== fields.status ||
      restarts !== fields.restarts ||
      restartsAt !== fields.restartsAt ||
      lastError !== this.#crash
    );
  }

  /** Not its last crash, where its last life ended otherwise. */
  #setEnd({ lastError }: Child): void {
    this.#crash = lastError;
    const reason = this.#journal?.endOf(this.actor);
    this.#setError(reason === undefined ? lastError : undefined);
    this.set("because", reason || undefined);
  }

  #readLosses(): void {
    const loss = this.#journal?.lossOf(this.fields.id!);
    this.set("undelivered", loss?.count);
    this.set("undeliveredAt", loss?.at);
  }

  /** A budget costs an object, and of most actors nothing is used, nor given back. */
  #mayHaveUsed({ options, restarts, status }: Child): boolean {
    const { budget, restarts: knownRestarts, status: knownStatus } = this.fields;
    if (options.restartLimit === undefined) return false;
    if (budget === undefined || budget.used > 0) return true;
    return restarts !== knownRestarts || status !== knownStatus;
  }

  #readRoot(root: Supervisor): void {
    this.set("status", root.status);
    this.set("startedAt", root.startedAt);
    this.#setError(root.failure);
    this.#setBudget(root.restartBudget);
  }

  #readMailbox({ mailbox }: Actor): void {
    if (mailbox === undefined) return;
    const queued = mailbox.length;
    this.set("queued", queued);
    this.set("capacity", Number.isFinite(mailbox.capacity) ? mailbox.capacity : undefined);
    this.set("oldestAt", queued > 0 ? mailbox.oldestAt : undefined);
    this.set("handled", mailbox.handled);
  }

  #setHealth(health: Health): void {
    this.set("valueError", health.error);
    this.set("stale", health.stale || undefined);
    this.set("staleFrom", health.source?.name);
    this.set("cause", causeOf(health));
    this.set("updatedAt", health.stale ? health.updatedAt : undefined);
  }

  #setError(error: Error | undefined): void {
    if (error === this.#lastError) return;
    this.#lastError = error;
    this.set("lastError", error === undefined ? undefined : errorLine(error));
  }

  #setBudget(budget: RestartBudget | undefined): void {
    const before = this.fields.budget;
    if (budget?.used === before?.used && budget?.freesAt === before?.freesAt) return;
    this.set("budget", budget && toState(budget));
  }
}

function toState({ used, maxRestarts, window, freesAt }: RestartBudget): BudgetState {
  return { used, max: maxRestarts, window, ...(freesAt !== undefined && { freesAt }) };
}
