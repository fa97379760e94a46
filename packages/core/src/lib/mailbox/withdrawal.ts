import type { Envelope } from "./envelope.ts";
import type { SendOptions } from "./message.ts";

/**
 * How a sender's signal and timeout reach its message. Subscribing to a signal costs more than a whole call, and most
 * calls are answered within a microtask; so an envelope is subscribed only if it is still open one microtask later.
 * Until then whoever meets the envelope asks the signal itself. One listener serves all envelopes of a signal.
 */
const subscribed = new WeakMap<AbortSignal, Set<Envelope>>();
const settled = Promise.resolve();

let fresh: (Envelope | undefined)[] = [];
let freshCount = 0;

/** Lets the sender's signal and timeout withdraw the message. */
export function watch(envelope: Envelope, { signal, timeout }: SendOptions): void {
  if (timeout !== undefined && timeout !== Infinity) {
    envelope.timer = setTimeout(expire, timeout, envelope, timeout);
  }
  if (signal === undefined) return;
  envelope.caller = signal;
  fresh[freshCount++] = envelope;
  if (freshCount === 1) void settled.then(subscribeFresh);
}

/** Subscribes what was watched in this turn at once: for who must know now which messages are still wanted. */
export function subscribeFresh(): void {
  for (let at = 0; at < freshCount; at++) {
    const envelope = fresh[at];
    fresh[at] = undefined;
    if (envelope?.pending) subscribe(envelope);
  }
  if (fresh.length > 1_024) fresh = [];
  freshCount = 0;
}

/** Ends the watch: nothing of it is left. */
export function forget(envelope: Envelope): void {
  clearTimeout(envelope.timer);
  envelope.timer = undefined;
  if (!envelope.watched) return;
  envelope.watched = false;
  const signal = envelope.caller!;
  const envelopes = subscribed.get(signal);
  envelopes?.delete(envelope);
  if (envelopes?.size === 0) {
    subscribed.delete(signal);
    signal.removeEventListener("abort", withdrawAll);
  }
}

function subscribe(envelope: Envelope): void {
  const signal = envelope.caller!;
  if (signal.aborted) {
    envelope.withdraw(signal.reason);
    return;
  }
  let envelopes = subscribed.get(signal);
  if (envelopes === undefined) {
    envelopes = new Set();
    subscribed.set(signal, envelopes);
    signal.addEventListener("abort", withdrawAll);
  }
  envelopes.add(envelope);
  envelope.watched = true;
}

function withdrawAll(this: AbortSignal): void {
  for (const envelope of subscribed.get(this) ?? []) envelope.withdraw(this.reason);
}

function expire(envelope: Envelope, timeout: number): void {
  const { type, whose, heard } = envelope;
  // Most often its actor was not started, or waits for a restart.
  const why = heard ? "" : ", and nobody receives";
  const message = `Cannot finish "${type}"${whose}: timed out after ${timeout} ms${why}`;
  envelope.withdraw(new DOMException(message, "TimeoutError"));
}
