/**
 * Prints what sends leave behind: run with `--expose-gc`, in a process of its own, so that nothing else is on
 * the heap. One line of JSON for each case: `{ name, bytes, listeners, timers }`.
 */
import { getEventListeners } from "node:events";
import { Mailbox, type SendOptions } from "@sup/core";

interface Desk {
  note(value: number): void;
  ask(value: number): number;
}

const { gc } = globalThis as { gc?: () => void };
const rounds = 200;
const burst = 250;

const live = new AbortController();
const { signal } = live;

function heap(): number {
  gc!();
  gc!();
  return process.memoryUsage().heapUsed;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

/**
 * Lets `send` make its burst again and again, after some to warm up. Compiled code comes and goes on the heap; what is left
 * behind grows every time, so the least of some measurements counts.
 */
async function measure(name: string, send: () => Promise<void>, times = rounds): Promise<void> {
  for (let round = 0; round < 40; round++) await send();
  let bytes = Infinity;
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = heap();
    for (let round = 0; round < times / 3; round++) await send();
    bytes = Math.min(bytes, heap() - before);
  }
  const listeners = getEventListeners(signal, "abort").length;
  const left = timers();
  console.log(JSON.stringify({ name, bytes, listeners, timers: left }));
}

function calls(mailbox: Mailbox<Desk>, options: SendOptions): () => Promise<void> {
  return async () => {
    const answers: Promise<number>[] = [];
    for (let value = 0; value < burst; value++) answers.push(mailbox.call("ask", value, options));
    await Promise.all(answers);
  };
}

const served = new Mailbox<Desk>({ capacity: burst });
void served.serve({}, { note: () => {}, ask: (value) => value });
await measure("a million calls", calls(served, { signal }), 4_000);
await measure("calls with a timeout", calls(served, { signal, timeout: 60_000 }));
await measure("calls, awaited handlers", calls(asyncServed(), { signal, timeout: 60_000 }));
await measure("casts that wait for room", async () => {
  const sends: Promise<void>[] = [];
  for (let value = 0; value < burst * 2; value++) {
    const sent = served.cast("note", value, { signal, timeout: 60_000 });
    if (sent !== undefined) sends.push(sent);
  }
  await Promise.all(sends);
});

await measure("calls that are withdrawn", async () => {
  const mailbox = new Mailbox<Desk>({ capacity: burst / 2 });
  const controller = new AbortController();
  const gone: Promise<unknown>[] = [];
  for (let value = 0; value < burst; value++) {
    const call = mailbox.call("ask", value, {
      signal: value % 2 === 0 ? signal : controller.signal,
    });
    if (value % 2 !== 0) gone.push(call.catch(() => {}));
  }
  await Promise.resolve();
  controller.abort(0);
  await Promise.all(gone);
  mailbox.close();
});

const unreceived = new Mailbox<Desk>();
unreceived.cast("note", 0);
await measure("calls that are withdrawn from behind one that stays", async () => {
  const controller = new AbortController();
  const calls = Array.from({ length: burst }, (_, value) =>
    unreceived.call("ask", value, controller),
  );
  await Promise.resolve();
  controller.abort(0);
  await Promise.allSettled(calls);
});

const gone = { signal: AbortSignal.abort(0) };
await measure("calls that are expired", async () => {
  for (let value = 0; value < burst; value++) void served.call("ask", value, gone);
});

await measure("receives on one signal", async () => {
  for (let value = 0; value < burst; value++) {
    const call = served.call("ask", value);
    const stop = new AbortController();
    const inbox = new Mailbox<Desk>().receive({ signal });
    void inbox.next();
    await inbox.return!();
    stop.abort(0);
    await call;
  }
});

function asyncServed(): Mailbox<Desk> {
  const mailbox = new Mailbox<Desk>({ capacity: burst });
  const ask = async (value: number, context: { signal: AbortSignal }): Promise<number> => {
    await Promise.resolve();
    return context.signal.aborted ? 0 : value;
  };
  void mailbox.serve({}, { note: () => {}, ask });
  return mailbox;
}
