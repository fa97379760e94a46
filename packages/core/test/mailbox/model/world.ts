import { type Mailbox, Supervisor } from "@sup/core";
import { expect, vi } from "vitest";
import { Sent } from "./sent.ts";
import type { Setting, Step } from "./step.ts";
import { Crash, type Foreman, type Protocol, Worker } from "./worker.ts";

// The platform's own: the test fakes the others.
const { setImmediate } = globalThis;

type Core = typeof import("@sup/core");

/** Milliseconds that a worker has to end. */
const shutdownTimeout = 20;

/** A mailbox, its workers, and the simple model of both: a line of messages, of which the first `capacity` are queued. */
export class World implements Foreman {
  readonly setting: Setting;
  readonly mailbox: Mailbox<Protocol>;
  readonly #root: Supervisor;
  readonly #workers: Worker[];
  readonly #sent: Sent[] = [];
  readonly #burn: () => void;
  #line: Sent[] = [];
  readonly #lines = { serve: { lastDelivered: 0 }, receive: { lastDelivered: 0 } };
  #now = 0;
  #isClosed = false;
  /** Nothing is under way that a loop has not seen yet. */
  #isSettled = false;
  /** Whether an actor has received from the mailbox, or been its owner. */
  #hadActors = false;
  /** How many messages had been sent when the mailbox had last no actor any more. */
  #lastStop = 0;

  constructor(core: Core, setting: Setting, burn: () => void) {
    this.setting = setting;
    this.#burn = burn;
    this.mailbox = new core.Mailbox<Protocol>({
      capacity: setting.capacity,
      onUndelivered: ({ payload }, reason) => this.#onUndelivered(payload, reason),
    });
    this.#workers = setting.workers.map((kind, index) => new Worker(`worker ${index}`, kind, this));
    this.#root = new core.Supervisor("root", {
      actors: this.#workers,
      policy: "permanent",
      restartDelay: 0,
      shutdownTimeout,
      autoShutdown: "never",
      observer: {
        onActorStopped: (actor, error) =>
          (actor as Worker).lifeOver(error === undefined ? "ACTOR_STOPPED" : "ACTOR_CRASHED"),
        onActorAbandoned: (actor) => (actor as Worker).lifeOver(undefined),
      },
    });
    this.#start();
  }

  /** Does one step, and looks at what can be seen at once; some steps take time. */
  take(step: Step): Promise<void> | undefined {
    this.#noteStop();
    const wasSettled = this.#isSettled;
    this.#isSettled = wasSettled && step.do === "abort";
    switch (step.do) {
      case "cast":
      case "tryCast":
      case "call":
      case "tryCall":
        this.#send(step);
        break;
      case "abort":
        this.#abort(step.on, wasSettled);
        break;
      case "wait":
        this.#wait(step.milliseconds, wasSettled);
        break;
      case "settle":
        return this.settle();
      case "breathe":
        return Promise.resolve();
      case "close":
        this.#isClosed = true;
        this.mailbox.close();
        break;
      case "stop all":
        void this.#root.stop();
        break;
      case "start all":
        this.#start();
        break;
      case "burn":
        this.#burn();
        break;
      default:
        this.#tell(this.#workers[step.on % this.#workers.length]!, step.do, step.on);
    }
    this.#checkLength();
    return undefined;
  }

  /** Lets happen what is due, and looks at everything. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    const isStopped = this.#noteStop();
    this.#sweep();
    this.#checkLength();
    if (isStopped) demand(this.#line, []);
    this.#checkLine();
    for (const sent of this.#sent) this.#checkSent(sent);
    this.#isSettled = true;
  }

  /** Ends it all: then every send has settled, and every message has been accounted for. */
  async end(): Promise<void> {
    void this.#root.stop();
    for (let wait = 0; wait < this.#workers.length + 1; wait++) {
      await this.settle();
      this.#wait(shutdownTimeout, false);
    }
    await this.settle();
    this.mailbox.close();
    await this.settle();
    expect(this.mailbox.length).toBe(0);
    for (const sent of this.#sent) {
      expect([sent.id, sent.outcome]).not.toEqual([sent.id, "pending"]);
      if (sent.kind === "cast" && sent.accepted) {
        demand([sent.id, sent.undelivered + Number(sent.handled)], [sent.id, 1]);
      }
    }
    expect(vi.getTimerCount()).toBe(0);
  }

  onDelivered(sent: Sent, worker: Worker): void {
    demand([sent.id, sent.withdrawn], [sent.id, false]);
    // Who is served is called the moment that the message is taken.
    if (worker.kind === "serve" && sent.kind === "call") {
      demand([sent.id, sent.controller?.signal.aborted ?? false], [sent.id, false]);
      expect(sent.deadline).toBeGreaterThan(this.#now);
    }
    // At a rendezvous a message may be in one worker's hand before its turn comes, while another one goes on; and a loop
    // hears of a message a microtask after it was taken.
    const line = this.setting.capacity === 0 ? worker : this.#lines[worker.kind];
    expect(sent.id).toBeGreaterThan(line.lastDelivered);
    line.lastDelivered = sent.id;
    sent.deliveries++;
    this.#leaveLine(sent);
  }

  #start(): void {
    if (this.#root.children.some(({ status }) => status !== "starting" && !isOver(status))) return;
    this.#noteStop();
    for (const worker of this.#workers) worker.hasReceived = false;
    try {
      this.#root.start();
    } catch {
      // It is stopping.
      return;
    }
    for (const worker of this.#workers) {
      worker.child = this.#root.children.find(({ actor }) => actor === worker);
    }
  }

  #send(step: Extract<Step, { plan: unknown }>): void {
    const sent = new Sent(this.#sent.length + 1, step, this.#now);
    this.#sent.push(sent);
    this.#noteStop();
    const options = { signal: sent.controller?.signal, timeout: step.timeout };
    const hadRoom = this.mailbox.length < this.setting.capacity;
    if (step.do === "tryCast") {
      try {
        sent.accepted = this.mailbox.tryCast("send", sent, options);
        if (this.setting.capacity > 0) demand([sent.id, sent.accepted], [sent.id, hadRoom]);
      } catch (error) {
        sent.error = error;
        expect(["MAILBOX_CLOSED", "ACTOR_STOPPED"]).toContain(sent.code);
      }
      if (sent.accepted) this.#joinLine(sent);
      return;
    }
    const promise =
      step.do === "cast"
        ? this.mailbox.cast("send", sent, options)
        : this.mailbox[step.do]("send", sent, options);
    if (promise === undefined) {
      sent.accepted = true;
      if (this.setting.capacity > 0) demand([sent.id, hadRoom], [sent.id, true]);
    } else {
      sent.watch(promise);
    }
    this.#joinLine(sent);
  }

  #joinLine(sent: Sent): void {
    if (sent.deliveries > 0) return;
    sent.inLine = true;
    this.#line.push(sent);
  }

  #leaveLine(sent: Sent): void {
    sent.inLine = false;
    const at = this.#line.indexOf(sent);
    if (at >= 0) this.#line.splice(at, 1);
  }

  #abort(on: number, wasSettled: boolean): void {
    const abortable = this.#sent.filter(({ controller }) => controller?.signal.aborted === false);
    const sent = abortable[on % abortable.length];
    if (sent === undefined) return;
    sent.controller!.abort(new Error(`abort of ${sent.id}`));
    if (wasSettled) this.#withdraw(sent);
  }

  /** A sender gave up that waits for room or, of a call, for its reply: with nothing under way, it is not delivered. */
  #withdraw(sent: Sent): void {
    if (!sent.inLine || sent.outcome !== "pending") return;
    if (sent.kind === "cast" && this.#line.indexOf(sent) < this.setting.capacity) return;
    sent.withdrawn = true;
    this.#leaveLine(sent);
  }

  #wait(milliseconds: number, wasSettled: boolean): void {
    this.#now += milliseconds;
    const due = this.#sent.filter(({ deadline }) => deadline <= this.#now);
    vi.advanceTimersByTime(milliseconds);
    due.sort((one, other) => one.deadline - other.deadline);
    if (wasSettled) for (const sent of due) this.#withdraw(sent);
  }

  #tell(worker: Worker, what: string, on: number): void {
    const { shift, child } = worker;
    const error = new Crash(`crash of ${worker.name}`);
    if (what === "take") return worker.take();
    // Whether the loops that pass derived signals to a shared mailbox belong together is known only at their end.
    const isPool = !this.setting.owned || this.#workers.length > 1;
    if (what === "leave" && isPool && this.setting.way === "derived") return;
    if (what === "leave") return worker.leave();
    if (what === "reply" || what === "refuse") return worker.settle(on, what);
    if (what === "stop") return void child?.stop();
    if (what === "restart") return void child?.restart().catch(() => {});
    if (what === "spawn") return this.#spawn(worker);
    if (shift === undefined) return;
    if (what === "fail") shift.context.fail(error);
    else if (what === "finish") shift.context.finish();
    else if (what === "hang") shift.hangs = true;
    else if (worker.kind === "serve") shift.hand?.refuse(error);
    else if (what === "crash") shift.over.reject(error);
    else shift.over.resolve();
  }

  /** Runs a worker anew that has stopped for good. */
  #spawn(worker: Worker): void {
    if (worker.child === undefined || !isOver(worker.child.status)) return;
    this.#noteStop();
    worker.hasReceived = false;
    try {
      worker.child = this.#root.spawn(worker);
    } catch {
      // Its supervisor has been stopped, too.
    }
  }

  #onUndelivered(sent: Sent, reason: Error): void {
    const { code } = reason as { code?: unknown };
    sent.undelivered++;
    // What is queued in a closed mailbox is left to those who receive.
    if (sent.inLine && code === "MAILBOX_CLOSED")
      demand(
        this.#workers.filter(({ isIdle }) => isIdle),
        [],
      );
    demand([sent.id, sent.undelivered], [sent.id, 1]);
    this.#leaveLine(sent);
  }

  /** Takes those out of the line that were told so by their mailbox. */
  #sweep(): void {
    for (const sent of this.#line.filter(({ outcome }) => outcome === "rejected")) {
      this.#leaveLine(sent);
      const isWithdrawn = sent.error === sent.controller?.signal.reason;
      if (isWithdrawn || sent.deadline <= this.#now) continue;
      expect(["ACTOR_STOPPED", "MAILBOX_CLOSED", "MAILBOX_FULL"]).toContain(sent.code);
      if (sent.code === "ACTOR_STOPPED") expect(sent.id).toBeLessThanOrEqual(this.#lastStop);
    }
  }

  /** Remembers whether the mailbox is stopped: it has had actors, and each of them has stopped for good. */
  #noteStop(): boolean {
    const { owned, way, workers } = this.setting;
    const actors = this.#workers.filter(
      ({ child, hasReceived }) => child !== undefined && (owned || hasReceived),
    );
    this.#hadActors ||= actors.length > 0;
    const isStopped = this.#hadActors && actors.every(({ child }) => isOver(child!.status));
    // Of workers that pass derived signals to a shared mailbox, only those that receive now are known.
    const isUnsure = way === "derived" && (!owned || workers.length > 1);
    if (isStopped || isUnsure) this.#lastStop = this.#sent.length;
    return isStopped && !isUnsure;
  }

  #checkLength(): void {
    const { capacity } = this.setting;
    const { length } = this.mailbox;
    demand([length], [Math.min(length, capacity, this.#line.length)]);
  }

  /** With nothing under way, the first of the line are queued, the rest wait for room, and nobody who could take them is idle. */
  #checkLine(): void {
    const { capacity } = this.setting;
    demand([this.mailbox.length], [Math.min(this.#line.length, capacity)]);
    this.#line.forEach((sent, index) => {
      const isQueued = index < capacity;
      if (sent.kind === "call") demand([sent.id, sent.outcome], [sent.id, "pending"]);
      else demand([sent.id, sent.accepted], [sent.id, isQueued]);
    });
    if (this.#workers.some((worker) => worker.isIdle)) demand(this.#line, []);
    if (!this.#isClosed) return;
    expect(this.#line.length).toBeLessThanOrEqual(capacity);
    if (this.#line.length === 0)
      demand(
        this.#workers.filter(({ isIdle }) => isIdle),
        [],
      );
  }

  #checkSent(sent: Sent): void {
    const { id, kind, deliveries, undelivered, outcome } = sent;
    demand([id, Math.max(deliveries, 1)], [id, 1]);
    if (sent.withdrawn) demand([id, deliveries, undelivered], [id, 0, 0]);
    if (kind === "cast" && !sent.accepted) demand([id, deliveries, undelivered], [id, 0, 0]);
    const isHeld = this.#workers.some((worker) => worker.held.some((held) => held.sent === sent));
    // Accepted = handled + undelivered + queued + in hand.
    if (kind === "cast" && sent.accepted) {
      const places = [sent.handled, undelivered > 0, sent.inLine, isHeld].filter(Boolean).length;
      demand([id, places], [id, 1]);
    }
    if (kind === "call" && outcome === "pending") demand([id, sent.inLine || isHeld], [id, true]);
    if (sent.finished) demand([id, undelivered], [id, 0]);
    const isUnanswered = kind === "call" && outcome === "rejected" && isLifeOver(sent.code);
    if (sent.fate === "ACTOR_CRASHED" && (kind === "cast" || isUnanswered))
      demand([id, undelivered], [id, 1]);
    if (sent.fate !== undefined && isUnanswered) demand([id, sent.code], [id, sent.fate]);
    if (kind === "call" && outcome === "resolved") {
      demand([id, sent.value, deliveries, undelivered], [id, id, 1, 0]);
    }
  }
}

/** As `expect(actual).toEqual(wanted)` for flat lists, at a fraction of the cost: there are millions of them. */
function demand(actual: readonly unknown[], wanted: readonly unknown[]): void {
  if (
    actual.length === wanted.length &&
    actual.every((value, index) => Object.is(value, wanted[index]))
  )
    return;
  expect(actual).toEqual(wanted);
}

function isLifeOver(code: unknown): boolean {
  return code === "ACTOR_CRASHED" || code === "ACTOR_STOPPED";
}

function isOver(status: string): boolean {
  return status === "stopped" || status === "failed" || status === "abandoned";
}
