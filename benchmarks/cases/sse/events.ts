import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { Supervisor } from "@sup/core";
import { SseActor } from "@sup/sse";
import { createParser } from "eventsource-parser";
import type { Workload } from "../../lib/bench-case.ts";
import { data, type Source, startSource } from "./source.ts";

/** By the library alone, with the last event id that every use of it needs. */
export async function eventsByLibrary(): Promise<Workload> {
  const source = await startSource();
  const tally = new Tally();
  let lastEventId = "";
  const parser = createParser({
    onId: (id) => (lastEventId = id),
    onEvent: (event) => tally.count(event.data, lastEventId),
  });
  const request = get(source.url, { agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  response.on("data", (bytes: Buffer) => parser.feed(decoder.decode(bytes, { stream: true })));
  return workload(source, tally, () => void request.destroy());
}

/** By the actor, under a supervisor. */
export async function eventsByActor(): Promise<Workload> {
  const source = await startSource();
  const tally = new Tally();
  const connected = Promise.withResolvers<unknown>();
  const stream = new SseActor("stream", source.url, {
    onConnect: connected.resolve,
    onEvent: (event) => tally.count(event.data, event.id),
  });
  const root = new Supervisor("root", { actors: [stream] });
  root.start();
  await connected.promise;
  return workload(source, tally, () => root.stop());
}

function workload(source: Source, tally: Tally, end: () => Promise<void> | void): Workload {
  return {
    sample(operations) {
      const all = tally.expect(operations);
      source.send(operations);
      return all;
    },
    async close() {
      await end();
      source.stop();
    },
  };
}

/** Counts the events that came, and looks at each. */
class Tally {
  #left = 0;
  #all: PromiseWithResolvers<void> | undefined;

  expect(events: number): Promise<void> {
    this.#left = events;
    this.#all = Promise.withResolvers();
    return this.#all.promise;
  }

  count(text: string, id: string): void {
    if (text.length !== data.length || id !== "1234567") {
      this.#all?.reject(
        new Error(`Cannot accept the event: its id is ${id}, and its data ${text}`),
      );
    }
    if (--this.#left === 0) this.#all?.resolve();
  }
}
