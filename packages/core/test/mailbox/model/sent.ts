import type { Plan, Step } from "./step.ts";

/** What the test knows of one message: what was done with it, and what became of it. */
export class Sent {
  readonly id: number;
  readonly kind: "cast" | "call";
  readonly plan: Plan;
  readonly controller: AbortController | undefined;
  /** When its timeout withdraws it. */
  readonly deadline: number;
  /** In the line to the receivers: queued, or waiting for room. */
  inLine = false;
  /** Its sender was told that it was accepted. */
  accepted = false;
  /** The promise of its sender: none, when it was accepted or refused at once. */
  outcome: "none" | "pending" | "resolved" | "rejected" = "none";
  error: unknown;
  value: unknown;
  /** Its sender gave up before it was taken. */
  withdrawn = false;
  deliveries = 0;
  undelivered = 0;
  /** A worker was done with it. */
  handled = false;
  /** Its handler has answered it, or refused it mildly. */
  finished = false;
  /** What its caller is told when nobody has answered it: the life that held it has ended. */
  fate: "ACTOR_CRASHED" | "ACTOR_STOPPED" | undefined;

  constructor(
    id: number,
    { do: how, plan, signal, timeout }: Extract<Step, { plan: Plan }>,
    now: number,
  ) {
    this.id = id;
    this.kind = how === "cast" || how === "tryCast" ? "cast" : "call";
    this.plan = plan;
    this.controller = signal ? new AbortController() : undefined;
    this.deadline = timeout === undefined ? Infinity : now + Math.max(timeout, 1);
  }

  /** Watches the promise of the sender. */
  watch(promise: Promise<unknown>): void {
    this.outcome = "pending";
    promise.then(
      (value) => {
        this.outcome = "resolved";
        this.value = value;
        this.accepted = true;
      },
      (error: unknown) => {
        this.outcome = "rejected";
        this.error = error;
      },
    );
  }

  get code(): unknown {
    return (this.error as { code?: unknown } | undefined)?.code;
  }
}
