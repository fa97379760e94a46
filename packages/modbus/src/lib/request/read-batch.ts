import type { CallOptions, Mailbox } from "@sup/core";
import { Check } from "@sup/core/adapter";
import { ModbusExceptionError } from "../errors.ts";
import type { ModbusProtocol } from "../modbus-actor.ts";
import type { ModbusAnswer, ModbusRequest, ReadBits, ReadRegisters } from "./request.ts";

type Read = ReadBits | ReadRegisters;
type Values = boolean[] | number[];
type Exchange = (request: ModbusRequest) => Promise<ModbusAnswer>;

/** The batches that wait in a mailbox, and may grow. */
export class ReadBatches {
  readonly #mailbox: Mailbox<ModbusProtocol>;
  /** By unit: nothing that comes after a write joins what is before it. */
  readonly #open: Map<number, Set<ReadBatch>> = new Map();

  constructor(mailbox: Mailbox<ModbusProtocol>) {
    this.#mailbox = mailbox;
  }

  /** Queues a read, with one that waits already where they are neighbours; `undefined` for all else, which is not queued. */
  send(request: ModbusRequest, options: CallOptions = {}): Promise<ModbusAnswer> | undefined {
    if (!isRead(request)) {
      this.#close(request.unitId);
      return undefined;
    }
    const { signal, timeout } = options;
    if (signal?.aborted === true) return undefined;
    if (timeout !== undefined && timeout !== Infinity) calling.delay("timeout", timeout);
    const open = this.#openOf(request.unitId);
    for (const batch of open) {
      const joined = batch.join(request, options);
      if (joined !== undefined) return joined;
    }
    const batch = new ReadBatch(request);
    const joined = batch.join(request, options)!;
    open.add(batch);
    batch.queue(this.#mailbox, () => open.delete(batch));
    return joined;
  }

  #openOf(unitId: number): Set<ReadBatch> {
    let open = this.#open.get(unitId);
    if (open === undefined) this.#open.set(unitId, (open = new Set()));
    return open;
  }

  /** Unit 0 is all units of a line. */
  #close(unitId: number): void {
    if (unitId === 0) this.#open.clear();
    else this.#open.delete(unitId);
  }
}

/** Reads of one unit and function whose spans touch, as one request in the queue. */
export class ReadBatch {
  readonly #first: Read;
  readonly #members: Set<Member> = new Set();
  readonly #withdrawal = new AbortController();
  #address: number;
  #end: number;
  #onTaken: (() => void) | undefined;
  #isSettled = false;

  constructor(first: Read) {
    this.#first = first;
    this.#address = first.address;
    this.#end = first.address + first.quantity;
  }

  /** What its callers asked for. */
  get reads(): readonly Read[] {
    return [...this.#members].map(({ read }) => read);
  }

  /** Adds a read; `undefined` when it does not fit. */
  join(read: Read, options: CallOptions): Promise<Values> | undefined {
    const { functionCode, address, quantity } = read;
    if (functionCode !== this.#first.functionCode || this.#members.size >= mostMembers)
      return undefined;
    const start = Math.min(this.#address, address);
    const end = Math.max(this.#end, address + quantity);
    const isApart = address > this.#end || address + quantity < this.#address;
    if (isApart || end - start > (functionCode < 3 ? 2_000 : 125)) return undefined;
    this.#address = start;
    this.#end = end;
    const member = new Member(read, options, () => this.#left(member));
    this.#members.add(member);
    return member.promise;
  }

  /** Waits in the mailbox; `onTaken` when nothing can join any more. */
  queue(mailbox: Mailbox<ModbusProtocol>, onTaken: () => void): void {
    this.#onTaken = onTaken;
    mailbox.call("batch", this, { signal: this.#withdrawal.signal }).then(
      () => {},
      (error: unknown) => this.#settle((member) => member.reject(error)),
    );
  }

  /** Reads all at once, and each alone when the device refuses that. Rejects when `signal` aborts. */
  async perform(exchange: Exchange, signal: AbortSignal): Promise<void> {
    this.#onTaken?.();
    const address = this.#address;
    const quantity = this.#end - address;
    try {
      const values = (await exchange({ ...this.#first, address, quantity })) as Values;
      this.#settle((member) => member.resolve(values, address));
    } catch (error) {
      if (signal.aborted) throw error;
      if (isRefusal(error) && this.#isMixed(quantity)) return this.#performEach(exchange, signal);
      this.#settle((member) => member.reject(error));
    }
  }

  async #performEach(exchange: Exchange, signal: AbortSignal): Promise<void> {
    for (const member of this.#members) {
      try {
        member.resolve((await exchange(member.read)) as Values, member.read.address);
      } catch (error) {
        if (signal.aborted) throw error;
        member.reject(error);
      }
    }
  }

  #isMixed(quantity: number): boolean {
    return [...this.#members].some((member) => member.read.quantity < quantity);
  }

  #settle(act: (member: Member) => void): void {
    this.#isSettled = true;
    this.#onTaken?.();
    for (const member of this.#members) act(member);
  }

  #left(member: Member): void {
    this.#members.delete(member);
    if (this.#isSettled) return;
    if (this.#members.size > 0) return this.#shrink();
    this.#onTaken?.();
    this.#withdrawal.abort();
  }

  /** What only those asked for who gave up is not read. */
  #shrink(): void {
    const { reads } = this;
    this.#address = Math.min(...reads.map(({ address }) => address));
    this.#end = Math.max(...reads.map(({ address, quantity }) => address + quantity));
  }
}

/** One caller's read in a batch. */
class Member {
  readonly read: Read;
  readonly promise: Promise<Values>;
  readonly #leave: () => void;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #resolve: (values: Values) => void;
  readonly #reject: (reason: unknown) => void;

  constructor(read: Read, { signal, timeout }: CallOptions, leave: () => void) {
    this.read = read;
    this.#leave = leave;
    const { promise, resolve, reject } = Promise.withResolvers<Values>();
    // As of every call, the result may be ignored.
    promise.catch(() => {});
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#giveUp);
    if (timeout === undefined || timeout === Infinity) return;
    this.#timer = setTimeout(() => {
      const message = `Cannot finish "batch": timed out after ${timeout} ms`;
      this.reject(new DOMException(message, "TimeoutError"));
    }, timeout);
  }

  resolve(values: Values, address: number): void {
    this.#end();
    const start = this.read.address - address;
    this.#resolve(values.slice(start, start + this.read.quantity));
  }

  reject(reason: unknown): void {
    this.#reject(reason);
    this.#end();
  }

  readonly #giveUp = (): void => this.reject(this.#signal!.reason);

  #end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#giveUp);
    this.#leave();
  }
}

function isRead(request: ModbusRequest): request is Read {
  return request.functionCode >= 1 && request.functionCode <= 4 && !("bytes" in request);
}

/** What the device refuses for good may be but a part of it. */
function isRefusal(error: unknown): boolean {
  return error instanceof ModbusExceptionError && !error.retryable;
}

const calling: Check = new Check('call "batch"');

/** Callers of one batch: a mailbox is bounded, and so is what shares a place in it. */
const mostMembers = 2_000;
