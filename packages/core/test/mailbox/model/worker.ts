import type { Actor, ActorContext, Child, Mailbox, Message, MessageIterator } from "@sup/core";
import type { Sent } from "./sent.ts";
import type { Setting } from "./step.ts";

export interface Protocol {
  send(sent: Sent): number;
}

export class Crash extends Error {}
class Mild extends Error {}

/** What a worker tells of. */
export interface Foreman {
  readonly mailbox: Mailbox<Protocol>;
  readonly setting: Setting;
  onDelivered(sent: Sent, worker: Worker): void;
}

/** A message that a worker has, and the ways to be done with it. */
export interface Held {
  readonly sent: Sent;
  reply(): void;
  refuse(error: Error): void;
}

/** One life of a worker, as far as the test is concerned. */
class Shift {
  readonly context: ActorContext;
  readonly over: PromiseWithResolvers<void> = Promise.withResolvers();
  inbox: MessageIterator<Protocol> | undefined;
  lastInbox: MessageIterator<Protocol> | undefined;
  asks = false;
  hangs = false;
  /** A handler has thrown: it serves no more, while its life is still to be told. */
  hasThrown = false;
  isOver = false;
  hand: Held | undefined;
  deferred: Set<Held> = new Set();

  constructor(context: ActorContext) {
    this.context = context;
  }
}

/** An actor that receives from the mailbox as it is told. */
export class Worker implements Actor {
  readonly name: string;
  readonly mailbox: Mailbox<Protocol> | undefined;
  readonly kind: "serve" | "receive";
  readonly #foreman: Foreman;
  child: Child | undefined;
  lastDelivered = 0;
  /** Whether it has received since it was last started or spawned. */
  hasReceived = false;
  /** Its lives of whose end nobody has told yet; the last one is the present one. */
  readonly #shifts: Shift[] = [];

  constructor(name: string, kind: "serve" | "receive", foreman: Foreman) {
    this.name = name;
    this.kind = kind;
    this.mailbox = foreman.setting.owned ? foreman.mailbox : undefined;
    this.#foreman = foreman;
  }

  run(context: ActorContext): Promise<void> {
    const shift = new Shift(context);
    this.#shifts.push(shift);
    if (this.kind === "serve") return this.#serve(shift);
    context.signal.addEventListener("abort", () => {
      if (!shift.hangs) shift.over.resolve();
    });
    return shift.over.promise;
  }

  /** Asks for one message. */
  take(): void {
    const { shift } = this;
    if (shift === undefined || this.kind === "serve" || shift.asks || shift.context.signal.aborted)
      return;
    this.#letGo(shift);
    if (shift.inbox === undefined) {
      shift.inbox = this.#foreman.mailbox.receive(this.#options(shift));
      shift.lastInbox = shift.inbox;
      this.hasReceived = true;
    }
    const { inbox } = shift;
    shift.asks = true;
    void inbox.next().then(({ value, done }) => {
      if (shift.inbox === inbox) shift.asks = false;
      if (done === true) {
        if (shift.inbox === inbox) shift.inbox = undefined;
        return;
      }
      this.#foreman.onDelivered(value.payload, this);
      // The life may have ended after it was taken, and before its loop goes on; or received anew.
      if (shift.isOver) {
        value.payload.handled = value.payload.undelivered === 0;
        return;
      }
      const before = shift.hand;
      shift.hand = heldOf(value);
      if (inbox === shift.lastInbox) return;
      this.#letGo(shift);
      shift.hand = before;
    });
  }

  /** Leaves the loop around its messages. */
  leave(): void {
    const { shift } = this;
    if (shift?.inbox === undefined) return;
    void shift.inbox.return?.();
    shift.inbox = undefined;
    shift.asks = false;
  }

  /** Its present or last life. */
  get shift(): Shift | undefined {
    return this.#shifts.at(-1);
  }

  /** All that it holds. */
  get held(): Held[] {
    return this.#shifts.flatMap(({ hand, deferred }) =>
      hand === undefined ? [...deferred] : [hand, ...deferred],
    );
  }

  /** Is done with something that it holds. */
  settle(on: number, how: "reply" | "refuse"): void {
    const { held } = this;
    const one = held[on % held.length];
    if (one === undefined) return;
    if (how === "reply") one.reply();
    else one.refuse(new Mild(`mild ${one.sent.id}`));
    for (const { deferred } of this.#shifts) deferred.delete(one);
  }

  /** Its oldest life is over: what that held is nobody's any more. */
  lifeOver(fate: Sent["fate"]): void {
    const shift = this.#shifts.shift()!;
    for (const { sent } of [shift.hand, ...shift.deferred].filter((held) => held !== undefined)) {
      sent.fate = fate;
      if (sent.undelivered === 0) sent.handled = true;
    }
    shift.isOver = true;
  }

  /** Whether it waits for a message. */
  get isIdle(): boolean {
    const { shift } = this;
    if (shift === undefined || shift.context.signal.aborted) return false;
    return this.kind === "serve" ? shift.hand === undefined && !shift.hasThrown : shift.asks;
  }

  #serve(shift: Shift): Promise<void> {
    this.hasReceived = true;
    const send = (sent: Sent, { signal }: { signal: AbortSignal }): number | Promise<number> => {
      this.#foreman.onDelivered(sent, this);
      if (sent.plan === "throw") {
        shift.hasThrown = true;
        throw new Crash(`crash ${sent.id}`);
      }
      if (sent.plan === "answer" || sent.plan === "fail mildly") {
        sent.handled = sent.finished = true;
        if (sent.plan === "fail mildly") throw new Mild(`mild ${sent.id}`);
        return sent.id;
      }
      const gate = Promise.withResolvers<number>();
      shift.hand = { sent, reply: () => gate.resolve(sent.id), refuse: gate.reject };
      if (sent.plan === "heed") signal.addEventListener("abort", () => gate.reject(signal.reason));
      const finish = (): void => {
        if (!shift.isOver) sent.handled = sent.finished = true;
        if (shift.hand?.sent === sent) shift.hand = undefined;
      };
      gate.promise.then(finish, (error: unknown) => {
        // Of any other error, and when it is the life that must end, its end decides what becomes of the message.
        const isGivenUp = signal.aborted && !shift.context.signal.aborted;
        if (error instanceof Mild || (isGivenUp && error === signal.reason)) finish();
      });
      return gate.promise;
    };
    const isFatal = (error: Error): boolean => !(error instanceof Mild);
    return this.#foreman.mailbox.serve(this.#options(shift), { send }, { isFatal });
  }

  #options(shift: Shift): { signal: AbortSignal } {
    const { context } = shift;
    if (this.#foreman.setting.way === "context") return context;
    if (this.#foreman.setting.way === "signal") return { signal: context.signal };
    return { signal: AbortSignal.any([context.signal, new AbortController().signal]) };
  }

  /** To ask for the next message is to be done with the one before, but for a call that is still to be answered. */
  #letGo(shift: Shift): void {
    const { hand } = shift;
    shift.hand = undefined;
    if (hand === undefined) return;
    hand.sent.handled = true;
    if (hand.sent.kind === "call" && hand.sent.outcome === "pending") shift.deferred.add(hand);
  }
}

function heldOf(message: Message<Protocol>): Held {
  return {
    sent: message.payload,
    reply: () => void message.reply(message.payload.id),
    refuse: (error) => void message.fail(error),
  };
}
