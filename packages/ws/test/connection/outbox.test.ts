import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Supervisor } from "@sup/core";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { WebSocketActor } from "../../src/index.ts";
import { binary, text } from "../servers/frame.ts";
import { failure, server, supervised, turns, within } from "../supervised.ts";

const kib = 1_024;
const mib = 1_024 * kib;

/** The most that was buffered in the process after any of its sends. */
let mostBuffered = 0;

beforeEach(() => {
  mostBuffered = 0;
  for (const method of ["send", "pong", "ping"] as const) {
    const original = Reflect.get(WebSocket.prototype, method) as (...all: unknown[]) => void;
    WebSocket.prototype[method] = function (this: WebSocket, ...all: unknown[]) {
      original.apply(this, all);
      mostBuffered = Math.max(mostBuffered, this.bufferedAmount);
    };
    onTestFinished(() => void (WebSocket.prototype[method] = original));
  }
});

describe("send", () => {
  it("sends strings as text, and each kind of bytes as a binary message", async () => {
    const counterpart = await server();
    const { feed } = supervised(counterpart.url);
    const bytes = Uint8Array.from([1, 2, 3, 4]);
    const all = [
      "",
      "grüße 👋",
      "x".repeat(70_000),
      bytes,
      bytes.buffer,
      bytes.subarray(1, 3),
      new DataView(bytes.buffer, 2),
      Buffer.alloc(0),
      Uint16Array.of(258),
    ];
    await Promise.all(all.map((data) => feed.send(data)));
    await counterpart.until(() => counterpart.received.length === all.length);
    expect(counterpart.received).toEqual([
      "",
      "grüße 👋",
      "x".repeat(70_000),
      Buffer.from([1, 2, 3, 4]),
      Buffer.from([1, 2, 3, 4]),
      Buffer.from([2, 3]),
      Buffer.from([3, 4]),
      Buffer.alloc(0),
      Buffer.from([2, 1]),
    ]);
    expect(bytes).toEqual(Uint8Array.from([1, 2, 3, 4]));
  });

  it.each<[string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array | ArrayBuffer]>([
    ["an ArrayBuffer", (bytes) => bytes.buffer],
    ["a Uint8Array", (bytes) => bytes],
    ["a Buffer", (bytes) => Buffer.from(bytes.buffer)],
  ])("rejects %s that was given away while it waited, and sends the next", async (_, of) => {
    const counterpart = await server();
    const { feed, crashes } = supervised(counterpart.url);
    const bytes = Uint8Array.of(1, 2, 3);
    const gone = failure(feed.send(of(bytes)));
    const next = feed.send("next");
    structuredClone(bytes, { transfer: [bytes.buffer] });
    expect((await gone).message).toBe("Cannot send bytes: they were transferred while they waited");
    await next;
    await counterpart.until(() => counterpart.received.length > 0);
    expect(counterpart.received).toEqual(["next"]);
    expect(crashes).toEqual([]);
  });

  it.each([
    ["a number", 7, "7"],
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["an object", { data: "x" }, "another object"],
    ["a list of bytes", [1, 2], "another object"],
    ["a Blob", new Blob(["x"]), "another object"],
  ])("refuses %s before anything is queued", async (_, data, got) => {
    const feed = new WebSocketActor("feed", "ws://127.0.0.1/x");
    const error = await failure(feed.send(data as never));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(
      `Cannot send to ws://127.0.0.1/x: \`data\` must be a string, an ArrayBuffer or a view of one, got ${got}`,
    );
    expect(feed.mailbox.length).toBe(0);
  });

  it("refuses a timeout that makes no sense", async () => {
    const feed = new WebSocketActor("feed", "ws://127.0.0.1/x");
    expect(await failure(feed.send("x", { timeout: -1 }))).toBeInstanceOf(RangeError);
  });

  it("resolves when the message was handed over, one after the other and many at once", async () => {
    const counterpart = await server();
    const { feed } = supervised(counterpart.url);
    const sent: Promise<void>[] = [];
    for (let number = 0; number < 500; number++) {
      const sending = feed.send(String(number));
      if (number % 7 === 0) await sending;
      else sent.push(sending);
    }
    await Promise.all(sent);
    await counterpart.until(() => counterpart.received.length === 500);
    expect(counterpart.received).toEqual(
      Array.from({ length: 500 }, (_, number) => String(number)),
    );
  });

  it("waits for a connection, and past capacity for room", async () => {
    const counterpart = await server();
    const feed = new WebSocketActor("feed", counterpart.url, { capacity: 2 });
    const sends = ["a", "b", "c"].map((data) => feed.send(data));
    expect(feed.mailbox.length).toBe(2);
    const { root } = run(feed);
    await Promise.all(sends);
    expect(counterpart.received.length).toBeLessThanOrEqual(3);
    await root.stop();
    expect(counterpart.received).toEqual(["a", "b", "c"]);
  });

  it("sends compressed where both sides want to", async () => {
    const zipped = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: true });
    onTestFinished(() => zipped.close());
    await once(zipped, "listening");
    zipped.on("connection", (socket) => {
      socket.on("message", (data, isBinary) =>
        socket.send(
          isBinary ? (data as Buffer) : `${socket.extensions} ${(data as Buffer).length}`,
        ),
      );
    });
    const { port } = zipped.address() as AddressInfo;
    const { feed, events, until } = supervised(`ws://127.0.0.1:${port}/`, {
      perMessageDeflate: true,
    });
    await Promise.all([feed.send("x".repeat(3 * mib)), feed.send(Buffer.from("ab"))]);
    await until(() => events.length === 3);
    expect(events).toEqual(["connect", `message permessage-deflate ${3 * mib}`, "message 0x6162"]);
  });
});

describe("highWaterMark", () => {
  it.each([
    ["64 messages of 1 MiB", 64, mib, mib],
    ["65,536 of 1 KiB", 65_536, kib, mib],
    ["one of 64 MiB", 1, 64 * mib, mib],
    ["4 of 16 MiB through the least there is", 4, 16 * mib, kib],
  ])(
    "is never passed by %s to a peer that does not read",
    async (_, count, size, highWaterMark) => {
      const counterpart = await server();
      const { feed, root } = supervised(counterpart.url, { highWaterMark, capacity: 100_000 });
      (await counterpart.peer()).socket.pause();
      const data = Buffer.alloc(size);
      let resolved = 0;
      const sends = Array.from({ length: count }, () =>
        feed.send(data).then(
          () => void resolved++,
          () => {},
        ),
      );
      // All that the buffers of the system take has been taken when nothing more moves.
      for (let before = -1; before !== mostBuffered + resolved; await turns(200))
        before = mostBuffered + resolved;
      expect(mostBuffered).toBeLessThanOrEqual(highWaterMark);
      expect(mostBuffered).toBeGreaterThan(highWaterMark / 4);
      expect(resolved).toBeLessThan(count);
      counterpart.disconnect();
      await root.stop();
      await Promise.all(sends);
    },
  );

  it("lets all of it through when the peer reads again, in order and whole", async () => {
    const counterpart = await server();
    const { feed } = supervised(counterpart.url, { highWaterMark: 64 * kib });
    const peer = await counterpart.peer();
    peer.socket.pause();
    const all = [
      "first",
      Buffer.alloc(20 * mib, "abcdefg"),
      "ä€👋".repeat(30_000),
      "x".repeat(65_500),
      "y".repeat(65_000),
      "last",
    ];
    const sends = Promise.all(all.map((data) => feed.send(data)));
    await turns(100);
    peer.socket.resume();
    await sends;
    await counterpart.until(() => counterpart.received.length === all.length);
    for (const [index, data] of all.entries()) {
      const came = counterpart.received[index]!;
      expect(typeof came).toBe(typeof data);
      expect(Buffer.from(came as string).equals(Buffer.from(data as string))).toBe(true);
    }
    expect(mostBuffered).toBeLessThanOrEqual(64 * kib);
    const begun = peer.frames.filter(({ opcode }) => opcode === text || opcode === binary);
    expect(begun).toHaveLength(all.length);
    expect(Math.max(...peer.frames.map(({ payload }) => payload.length))).toBeLessThan(64 * kib);
  });

  it("leaves a short message in one frame", async () => {
    const counterpart = await server();
    const { feed } = supervised(counterpart.url, { highWaterMark: 64 * kib });
    const peer = await counterpart.peer();
    await feed.send("x".repeat(60 * kib));
    await counterpart.until(() => counterpart.received.length === 1);
    expect(peer.frames).toMatchObject([{ opcode: text, fin: true }]);
  });
});

describe("a message that waits for room", () => {
  it("is never sent when it was withdrawn", async () => {
    const counterpart = await server();
    const { feed } = supervised(counterpart.url, { highWaterMark: 64 * kib });
    const peer = await counterpart.peer();
    peer.socket.pause();
    const caller = new AbortController();
    const first = feed.send(Buffer.alloc(20 * mib));
    const inHand = failure(feed.send("x".repeat(60 * kib), { signal: caller.signal }));
    const queued = failure(feed.send("queued", { signal: caller.signal }));
    const late = failure(feed.send("late", { timeout: 20 }));
    const last = feed.send("last");
    await turns(50);
    caller.abort(new Error("changed my mind"));
    expect(await inHand).toBe(caller.signal.reason);
    expect(await queued).toBe(caller.signal.reason);
    expect((await late).name).toBe("TimeoutError");
    peer.socket.resume();
    await Promise.all([first, last]);
    await counterpart.until(() => counterpart.received.length >= 2);
    expect(counterpart.received.map(({ length }) => length)).toEqual([20 * mib, 4]);
  });

  it("does not begin when it was withdrawn in the hand of its actor", async () => {
    const counterpart = await server();
    const { feed } = supervised(counterpart.url, { highWaterMark: 64 * kib, capacity: 1_000 });
    const peer = await counterpart.peer();
    peer.socket.pause();
    const caller = new AbortController();
    let resolved = 0;
    const sends = Array.from({ length: 400 }, () =>
      feed.send(Buffer.alloc(60 * kib), { signal: caller.signal }).then(
        () => void resolved++,
        () => {},
      ),
    );
    for (let before = -1; before !== resolved; await turns(200)) before = resolved;
    caller.abort();
    await Promise.all(sends);
    peer.socket.resume();
    await feed.send("last");
    await counterpart.until(() => counterpart.received.at(-1) === "last");
    // There is room for one in the buffer, beside which the next one waited.
    expect(counterpart.received.length - 1).toBe(resolved + 1);
    expect(resolved).toBeLessThan(398);
  });

  it("goes out whole when it was withdrawn after it had begun", async () => {
    const counterpart = await server();
    const { feed } = supervised(counterpart.url, { highWaterMark: 64 * kib });
    const peer = await counterpart.peer();
    peer.socket.pause();
    const caller = new AbortController();
    const begun = failure(feed.send(Buffer.alloc(20 * mib), { signal: caller.signal }));
    await turns(50);
    caller.abort();
    expect(await within(50, begun)).toBe(caller.signal.reason);
    const next = feed.send("next");
    peer.socket.resume();
    await next;
    await counterpart.until(() => counterpart.received.length === 2);
    expect(counterpart.received.map(({ length }) => length)).toEqual([20 * mib, 4]);
  });
});

function run(feed: WebSocketActor): { root: Supervisor } {
  const root = new Supervisor("root", { actors: [feed] });
  root.start();
  onTestFinished(() => root.stop());
  return { root };
}
