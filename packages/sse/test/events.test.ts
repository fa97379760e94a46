import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { SseActor, type SseEvents } from "../src/index.ts";
import { turns } from "./fake-time.ts";
import { ending, inTurn, silent, status } from "./servers/event-server.ts";
import { server, supervised } from "./supervised.ts";

async function readAll(events: SseEvents): Promise<string[]> {
  const data: string[] = [];
  for await (const event of events) data.push(event.data);
  return data;
}

describe("SseActor.events", () => {
  it("gives every event over all lives, from before the start to the end for good", async () => {
    const { url } = await server(
      inTurn(
        ending("data: 1\n\ndata: 2\n\n"),
        status(500),
        ending("id: 7\ndata: 3\n\n"),
        status(204),
      ),
    );
    const { stream, crashes } = supervised(url);
    const events = stream.events();
    expect(await readAll(events)).toEqual(["1", "2", "3"]);
    expect([crashes.length, events.dropped]).toEqual([3, 0]);
    expect(await events.next()).toEqual({ value: undefined, done: true });
  });

  it("keeps the newest `buffer` events for a slow reader, and counts the others", async () => {
    const text = Array.from({ length: 1_000 }, (_, index) => `data: ${index}\n\n`).join("");
    const { url } = await server(inTurn(ending(text), status(204)));
    const { stream, root } = supervised(url);
    const [usual, few, enough] = [{}, { buffer: 3 }, { buffer: 1_000 }].map((options) =>
      stream.events(options),
    );
    await root.wait();
    expect([usual!.dropped, few!.dropped, enough!.dropped]).toEqual([744, 997, 0]);
    expect(await readAll(few!)).toEqual(["997", "998", "999"]);
    expect((await readAll(usual!))[0]).toBe("744");
    expect(await readAll(enough!)).toHaveLength(1_000);
  });

  it("keeps the order when reading and coming alternate", async () => {
    const one = await server(silent);
    const { stream, connections, has, events } = supervised(one.url);
    const iterator = stream.events({ buffer: 3 });
    await has(connections, 1);
    const seen: (string | undefined)[] = [];
    for (let round = 0; round < 10; round++) {
      one.calls[0]!.send(`data: ${round}a\n\ndata: ${round}b\n\n`);
      await has(events, round * 2 + 2);
      for (let read = 0; read < 2; read++) seen.push((await iterator.next()).value?.data);
    }
    expect(seen).toEqual(Array.from({ length: 10 }, (_, at) => [`${at}a`, `${at}b`]).flat());
    expect(iterator.dropped).toBe(0);
  });

  it("gives each of several reads its own event, in their order", async () => {
    const one = await server(({ stream }) => stream("data: 1\n\ndata: 2\n\n"));
    const { stream } = supervised(one.url);
    const iterator = stream.events();
    const results = await Promise.all([iterator.next(), iterator.next()]);
    expect(results.map(({ value }) => value?.data)).toEqual(["1", "2"]);
  });

  it("ends when the actor is stopped for good, also for a read that waits", async () => {
    const { url } = await server(silent);
    const { stream, root, has, connections } = supervised(url);
    const waiting = [stream.events().next(), stream.events().next()];
    await has(connections, 1);
    await root.stop();
    const over = { value: undefined, done: true };
    expect(await Promise.all(waiting)).toEqual([over, over]);
    expect(await stream.events().next()).toEqual(over);
  });

  it("does not end with a restart", async () => {
    const one = await server(silent);
    const { stream, root, has, connections } = supervised(one.url);
    const iterator = stream.events();
    await has(connections, 1);
    await root.children[0]!.restart();
    await has(connections, 2);
    one.calls[1]!.send("data: 1\n\n");
    expect((await iterator.next()).value?.data).toBe("1");
  });

  it("begins anew after the actor was stopped for good and is run anew", async () => {
    const { url } = await server(({ stream }) => stream("data: 1\n\n"));
    const { stream, root, has, connections } = supervised(url);
    await has(connections, 1);
    await root.stop();
    root.start();
    expect((await stream.events().next()).value?.data).toBe("1");
  });

  it("ends with its signal, whatever is kept, and leaves no listener", async () => {
    const { url } = await server(({ stream }) => stream("data: 1\n\ndata: 2\n\n"));
    const { stream, has, events } = supervised(url);
    const controller = new AbortController();
    const iterators = [1, 2].map(() => stream.events({ signal: controller.signal }));
    await has(events, 2);
    await iterators[0]!.next();
    controller.abort();
    for (const iterator of iterators) {
      expect(await iterator.next()).toEqual({ value: undefined, done: true });
    }
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    expect(await stream.events({ signal: controller.signal }).next()).toMatchObject({ done: true });
  });

  it("ends by `break`, `return` and disposal, and leaves no listener", async () => {
    const { url } = await server(({ stream }) => stream("data: 1\n\ndata: 2\n\n"));
    const { stream } = supervised(url);
    const { signal } = new AbortController();
    const first = stream.events({ signal });
    for await (const event of first) {
      expect(event.data).toBe("1");
      break;
    }
    const second = stream.events({ signal });
    const read = second.next();
    await second.return?.();
    expect(await read).toEqual({ value: undefined, done: true });
    {
      await using third = stream.events({ signal });
      expect(third.dropped).toBe(0);
    }
    expect(await first.next()).toMatchObject({ done: true });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("is told nothing more once it has ended", async () => {
    const one = await server(silent);
    const { stream, has, connections, events } = supervised(one.url);
    const iterator = stream.events({ buffer: 1 });
    await has(connections, 1);
    await iterator.return?.();
    one.calls[0]!.send("data: 1\n\ndata: 2\n\ndata: 3\n\n");
    await has(events, 3);
    expect([iterator.dropped, await iterator.next()]).toEqual([
      0,
      { value: undefined, done: true },
    ]);
  });

  it("tells nobody of messages: there are none", async () => {
    const { url } = await server(silent);
    const { stream, root, has, connections, recorder } = supervised(url);
    stream.events();
    await has(connections, 1);
    expect(root.snapshot().children?.[0]).toMatchObject({ kind: "sse", status: "ready" });
    await root.stop();
    await turns(3);
    expect(recorder.lines.filter((line) => line.startsWith("undelivered"))).toEqual([]);
  });

  it.each<[object, ErrorConstructor, string]>([
    [{ buffer: 0 }, RangeError, "`buffer` must be an integer of 1 or more, got 0"],
    [{ buffer: "7" }, TypeError, '`buffer` must be an integer of 1 or more, got "7"'],
    [{ signal: {} }, TypeError, "`signal` must be an AbortSignal, got an object"],
  ])("refuses %o", (options, type, message) => {
    const read = () => new SseActor("stream", "http://127.0.0.1/").events(options);
    expect(read).toThrow(type);
    expect(read).toThrow(`Cannot read the events of "stream": ${message}`);
  });
});
