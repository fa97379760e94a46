import { type MailboxOptions, Mailbox, type Message, Supervisor } from "@sup/core";
import type { ChildOptions, SupervisorOptions } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";

/** A protocol with a message that expects no reply, and one that does. */
export interface Desk {
  note(value: number): void;
  ask(value: number): number;
}

// The platform's own, also while a test fakes time.
const { setImmediate } = globalThis;

/** Lets happen what is due, also what gave the event loop a turn in between. */
export async function turn(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** What became of `promise` by now. */
export async function stateOf(
  promise: Promise<unknown> | undefined,
): Promise<"pending" | "fulfilled" | "rejected" | "no promise"> {
  if (promise === undefined) return "no promise";
  let state: "pending" | "fulfilled" | "rejected" = "pending";
  promise.then(
    () => (state = "fulfilled"),
    () => (state = "rejected"),
  );
  await turn();
  return state;
}

/** What `promise` rejects with. */
export async function rejectionOf(promise: Promise<unknown> | undefined): Promise<Error> {
  if (promise === undefined) throw new Error("There was no promise");
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("The promise resolved");
}

/** A mailbox with `queued` casts of 1 to `queued` in it, and what became undelivered. */
export function mailboxOf(
  queued: number,
  options: MailboxOptions<Desk> = {},
): { mailbox: Mailbox<Desk>; lost: Lost[] } {
  const lost: Lost[] = [];
  const mailbox = new Mailbox<Desk>({
    onUndelivered: ({ kind, type, payload }, reason) => lost.push({ kind, type, payload, reason }),
    ...options,
  });
  for (let value = 1; value <= queued; value++) mailbox.cast("note", value);
  return { mailbox, lost };
}

export interface Lost {
  readonly kind: "cast" | "call";
  readonly type: string;
  readonly payload: number;
  readonly reason: Error;
}

/** Takes all that is queued, and tells its payloads. */
export async function drain(mailbox: Mailbox<Desk>): Promise<number[]> {
  const payloads: number[] = [];
  await using inbox = mailbox.receive();
  while (mailbox.length > 0) {
    const { value } = await inbox.next();
    payloads.push(value!.payload);
  }
  return payloads;
}

/** Takes one message. */
export async function takeFrom(
  mailbox: Mailbox<Desk>,
  signal?: AbortSignal,
): Promise<Message<Desk>> {
  const { value } = await mailbox.receive({ signal }).next();
  return value!;
}

/** A puppet that owns a mailbox, under a supervisor that restarts it at once. */
export class Stage implements AsyncDisposable {
  readonly puppet: Puppet;
  readonly recorder: Recorder = new Recorder();
  readonly root: Supervisor;

  constructor(mailbox: Mailbox<Desk> | undefined, options: SupervisorOptions & ChildOptions = {}) {
    this.puppet = new Puppet("desk", { mailbox });
    this.root = new Supervisor("root", {
      actors: [this.puppet],
      restartDelay: 0,
      observer: this.recorder,
      autoShutdown: "never",
      ...options,
    });
    this.root.start();
  }

  get context() {
    return this.puppet.life.context;
  }

  /** Resolves when the life number `count` has begun. */
  async lives(count: number): Promise<void> {
    await this.recorder.until("started desk", count);
  }

  /** Resolves when a life has ended, however. */
  async ended(count = 1): Promise<void> {
    await this.recorder.until(({ type }) => type === "stopped", count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.root.stop();
  }
}
