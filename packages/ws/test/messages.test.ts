import { getEventListeners } from "node:events";
import { Supervisor } from "@sup/core";
import { describe, expect, it } from "vitest";
import type { WebSocketMessage } from "../src/index.ts";
import { WebSocketActor } from "../src/index.ts";
import { binary, frame, text } from "./servers/frame.ts";
import { server, supervised } from "./supervised.ts";

describe("messages", () => {
  it("gives text as strings and bytes as buffers, in their order", async () => {
    const { url } = await server({
      onRequest: (peer) =>
        peer.accept([], frame(text, "häh?"), frame(binary, Buffer.from([1, 2])), frame(text, "")),
    });
    const { feed } = supervised(url);
    expect(await take(feed.messages(), 3)).toEqual([
      { data: "häh?" },
      { data: Buffer.from([1, 2]) },
      { data: "" },
    ]);
  });

  it("goes on over a reconnect", async () => {
    const counterpart = await server({
      onRequest: (peer) => peer.accept([], frame(text, `of ${counterpart.peers.length}`)),
    });
    const { feed, crash } = supervised(counterpart.url);
    const messages = feed.messages();
    expect(await take(messages, 1)).toEqual([{ data: "of 1" }]);
    counterpart.disconnect();
    await crash();
    expect(await take(messages, 1)).toEqual([{ data: "of 2" }]);
  });

  it("gives each iterator all messages from its creation on", async () => {
    const counterpart = await server();
    const { feed, until, events } = supervised(counterpart.url);
    const [first, second] = [feed.messages(), feed.messages()];
    const peer = await counterpart.peer();
    peer.send("a");
    await until(() => events.includes("message a"));
    const late = feed.messages();
    peer.send("b");
    expect(await take(first, 2)).toEqual([{ data: "a" }, { data: "b" }]);
    expect(await take(second, 2)).toEqual([{ data: "a" }, { data: "b" }]);
    expect(await take(late, 1)).toEqual([{ data: "b" }]);
  });

  it("keeps the newest for a slow reader and counts the others", async () => {
    const counterpart = await server();
    const { feed, until, events } = supervised(counterpart.url);
    const slow = feed.messages({ buffer: 2 });
    const usual = feed.messages();
    const peer = await counterpart.peer();
    for (let number = 1; number <= 300; number++) peer.send(String(number));
    await until(() => events.includes("message 300"));
    expect(slow.dropped).toBe(298);
    expect(await take(slow, 2)).toEqual([{ data: "299" }, { data: "300" }]);
    expect(usual.dropped).toBe(44);
    expect(await take(usual, 1)).toEqual([{ data: "45" }]);
  });

  it("settles several reads at once in their order", async () => {
    const counterpart = await server();
    const messages = supervised(counterpart.url).feed.messages();
    const reads = [messages.next(), messages.next()];
    const peer = await counterpart.peer();
    peer.send("a");
    peer.send("b");
    expect((await Promise.all(reads)).map(({ value }) => value?.data)).toEqual(["a", "b"]);
  });

  it("ends when the actor is stopped for good, after what came by then", async () => {
    const counterpart = await server();
    const { feed, root, until, events } = supervised(counterpart.url);
    const [waiting, read] = [feed.messages().next(), feed.messages()];
    (await counterpart.peer()).send("last");
    await until(() => events.includes("message last"));
    expect(await waiting).toEqual({ value: { data: "last" }, done: false });
    const idle = feed.messages().next();
    await root.stop();
    expect(await idle).toEqual({ value: undefined, done: true });
    expect(await take(read, 5)).toEqual([{ data: "last" }]);
    expect(await feed.messages().next()).toEqual({ value: undefined, done: true });
  });

  it("does not end with a life that is followed by another", async () => {
    const counterpart = await server();
    const { feed, root, crash } = supervised(counterpart.url);
    const messages = feed.messages();
    const read = messages.next();
    await counterpart.peer();
    counterpart.disconnect();
    await crash();
    await counterpart.peer(2);
    await root.children[0]!.restart();
    (await counterpart.peer(3)).send("still here");
    expect(await read).toEqual({ value: { data: "still here" }, done: false });
  });

  it("begins before the actor is started", async () => {
    const { url } = await server({ onRequest: (peer) => peer.accept([], frame(text, "early")) });
    const feed = new WebSocketActor("feed", url);
    const messages = feed.messages();
    await using root = new Supervisor("root", { actors: [feed] });
    root.start();
    expect(await take(messages, 1)).toEqual([{ data: "early" }]);
  });

  it("ends at once when its signal aborts, with what was not read", async () => {
    const counterpart = await server();
    const { feed, until, events } = supervised(counterpart.url);
    const reader = new AbortController();
    const messages = feed.messages({ signal: reader.signal });
    (await counterpart.peer()).send("unread");
    await until(() => events.includes("message unread"));
    reader.abort();
    expect(await messages.next()).toEqual({ value: undefined, done: true });
    const late = feed.messages({ signal: reader.signal });
    expect(await late.next()).toEqual({ value: undefined, done: true });
  });

  it("leaves no listener behind when a loop breaks, its scope ends or the actor is stopped", async () => {
    const counterpart = await server();
    const { feed, root } = supervised(counterpart.url);
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, "abort").length;
    const reading = (async () => {
      for await (const _ of feed.messages({ signal })) break;
    })();
    expect(listeners()).toBe(1);
    (await counterpart.peer()).send("a");
    await reading;
    expect(listeners()).toBe(0);
    {
      await using _ = feed.messages({ signal });
      expect(listeners()).toBe(1);
    }
    expect(listeners()).toBe(0);
    const last = feed.messages({ signal }).next();
    await root.stop();
    await last;
    expect(listeners()).toBe(0);
  });

  it.each([
    ["a buffer of 0", { buffer: 0 }, RangeError, "`buffer` must be an integer of 1 or more"],
    ["half a buffer", { buffer: 1.5 }, RangeError, "got 1.5"],
    ["a buffer as text", { buffer: "256" }, TypeError, 'got "256"'],
    ["a signal that is none", { signal: {} }, TypeError, "`signal` must be an AbortSignal"],
  ])("refuses %s", (_, options, type, message) => {
    const feed = new WebSocketActor("feed", "ws://127.0.0.1/");
    expect(() => feed.messages(options as object)).toThrow(type);
    expect(() => feed.messages(options as object)).toThrow(message);
    expect(() => feed.messages(options as object)).toThrow('Cannot read the messages of "feed": ');
  });
});

/** The next so many messages, or those until the end. */
async function take(
  messages: AsyncIterator<WebSocketMessage, undefined>,
  count: number,
): Promise<WebSocketMessage[]> {
  const taken: WebSocketMessage[] = [];
  while (taken.length < count) {
    const { value, done } = await messages.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}
