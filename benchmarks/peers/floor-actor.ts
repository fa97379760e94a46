type Handler = (payload: number) => number | void;

interface WaitingSender {
  readonly type: string;
  readonly payload: number;
  readonly reply: ((value: number) => void) | undefined;
  accepted(): void;
}

/**
 * What the messages alone cost: a ring buffer that one microtask empties, and promises only where somebody waits. No
 * supervision, no errors, no cancellation, no fairness, no types.
 */
export class FloorActor {
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #mask: number;
  readonly #types: (string | undefined)[] = [];
  readonly #payloads: number[] = [];
  readonly #replies: (((value: number) => void) | undefined)[] = [];
  readonly #waiting: WaitingSender[] = [];
  #head = 0;
  #length = 0;
  #scheduled = false;
  #stopped = false;

  /** @param capacity - a power of two */
  constructor(handlers: Readonly<Record<string, Handler>>, capacity = 1_024) {
    this.#handlers = handlers;
    this.#mask = capacity - 1;
  }

  cast(type: string, payload: number): Promise<void> | undefined {
    if (this.#length <= this.#mask) return this.#push(type, payload, undefined);
    return new Promise((accepted) =>
      this.#waiting.push({ type, payload, reply: undefined, accepted }),
    );
  }

  call(type: string, payload: number): Promise<number> {
    return new Promise((reply) => {
      if (this.#length <= this.#mask) this.#push(type, payload, reply);
      else this.#waiting.push({ type, payload, reply, accepted() {} });
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  #push(type: string, payload: number, reply: ((value: number) => void) | undefined): undefined {
    const slot = (this.#head + this.#length) & this.#mask;
    this.#types[slot] = type;
    this.#payloads[slot] = payload;
    this.#replies[slot] = reply;
    this.#length += 1;
    if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(this.#drain);
    }
  }

  readonly #drain = (): void => {
    while (this.#length > 0 && !this.#stopped) this.#handleNext();
    this.#scheduled = false;
  };

  #handleNext(): void {
    const slot = this.#head;
    const reply = this.#replies[slot];
    this.#replies[slot] = undefined;
    this.#head = (slot + 1) & this.#mask;
    this.#length -= 1;
    if (this.#waiting.length > 0) this.#admitWaiting();
    const result = this.#handlers[this.#types[slot] ?? ""]?.(this.#payloads[slot] ?? 0);
    reply?.(result ?? 0);
  }

  #admitWaiting(): void {
    const sender = this.#waiting.shift();
    if (!sender) return;
    this.#push(sender.type, sender.payload, sender.reply);
    sender.accepted();
  }
}
