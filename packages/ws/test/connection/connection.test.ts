import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocketClosedError, WebSocketProtocolError } from "../../src/index.ts";
import { binary, closeFrame, closing, frame, ping, pong, text } from "../servers/frame.ts";
import { failure, server, supervised, turns, within } from "../supervised.ts";

describe("the end of a connection", () => {
  it("is a crash that tells code and reason when the peer closes", async () => {
    const counterpart = await server();
    const { crash, events, until } = supervised(counterpart.url);
    const peer = await counterpart.peer();
    peer.write(closeFrame(4_321, "go away"));
    const error = await crash();
    expect(error).toBeInstanceOf(WebSocketClosedError);
    expect(error).toMatchObject({
      code: "WS_CLOSED",
      closeCode: 4_321,
      reason: "go away",
      retryable: true,
      unconfirmed: 0,
    });
    expect(error.message).toBe(
      `Lost the connection to ${counterpart.url}: the peer closed it with code 4321: go away`,
    );
    expect(peer.closeCode).toBe(4_321);
    await until(() => events.length === 4);
    expect(events).toEqual(["connect", "close 4321 go away", "error WS_CLOSED", "connect"]);
  });

  it.each([
    ["a close frame without a code", 1_005, true, closeFrame()],
    ["code 1000", 1_000, true, closeFrame(1_000)],
    ["code 1001", 1_001, true, closeFrame(1_001)],
    ["code 1002", 1_002, false, closeFrame(1_002)],
    ["code 1008", 1_008, false, closeFrame(1_008)],
    ["code 1011", 1_011, true, closeFrame(1_011)],
  ])("is a crash of its own kind by %s", async (_, closeCode, retryable, bytes) => {
    const counterpart = await server();
    const { crash } = supervised(counterpart.url);
    (await counterpart.peer()).write(bytes);
    expect(await crash()).toMatchObject({ code: "WS_CLOSED", closeCode, retryable, reason: "" });
  });

  it("restarts a transient actor also after a clean close", async () => {
    const counterpart = await server();
    supervised(counterpart.url, {}, { policy: "transient" });
    (await counterpart.peer()).write(closeFrame(1_000));
    await counterpart.peer(2);
    expect(counterpart.peers).toHaveLength(2);
  });

  it("finishes the actor after a stop code, whatever its policy", async () => {
    const counterpart = await server();
    const { feed, root, crashes, events } = supervised(counterpart.url, {
      stopCodes: [1_000, 4_001],
    });
    (await counterpart.peer()).write(closeFrame(4_001, "banned"));
    expect(await root.children[0]!.done).toBeUndefined();
    expect(crashes).toEqual([]);
    expect(events).toEqual(["connect", "close 4001 banned"]);
    expect((await failure(feed.send("x"))).code).toBe("ACTOR_STOPPED");
    expect(counterpart.peers).toHaveLength(1);
  });

  it.each([
    ["a reset", (socket: Socket) => socket.resetAndDestroy()],
    ["an end without a close frame", (socket: Socket) => socket.end()],
  ])("is a crash by %s", async (_, cut) => {
    const counterpart = await server();
    const { crash, until, events } = supervised(counterpart.url);
    const { socket } = await counterpart.peer();
    await until(() => events.length === 1);
    cut(socket);
    const error = await crash();
    expect(error).toMatchObject({ code: "WS_CLOSED", closeCode: 1_006, reason: "" });
    expect(error.message).toContain("it ended without a close frame");
    expect(events).toContain("close 1006");
  });

  it.each([
    ["text that is no UTF-8", "WS_ERR_INVALID_UTF8", 1_007, frame(text, Buffer.from([0xc3, 0x28]))],
    ["a frame with a mask", "WS_ERR_UNEXPECTED_MASK", 1_002, frame(text, "a", { masked: true })],
    ["a reserved bit", "WS_ERR_UNEXPECTED_RSV_1", 1_002, frame(text, "a", { rsv: 4 })],
    ["another reserved bit", "WS_ERR_UNEXPECTED_RSV_2_3", 1_002, frame(text, "a", { rsv: 1 })],
    ["an unknown opcode", "WS_ERR_INVALID_OPCODE", 1_002, frame(3, "a")],
    ["a continuation of nothing", "WS_ERR_INVALID_OPCODE", 1_002, frame(0, "a")],
    [
      "a message inside of another",
      "WS_ERR_INVALID_OPCODE",
      1_002,
      Buffer.concat([frame(text, "a", { fin: false }), frame(text, "b")]),
    ],
    ["a ping in parts", "WS_ERR_EXPECTED_FIN", 1_002, frame(ping, "a", { fin: false })],
    [
      "a ping that is too long",
      "WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH",
      1_002,
      frame(ping, "a".repeat(126)),
    ],
    ["a close code that must not be sent", "WS_ERR_INVALID_CLOSE_CODE", 1_002, closeFrame(1_006)],
    [
      "a close frame of one byte",
      "WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH",
      1_002,
      frame(closing, "x"),
    ],
    [
      "more than maxPayload",
      "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
      1_009,
      frame(binary, Buffer.alloc(1_001)),
    ],
    [
      "more than maxPayload in parts",
      "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
      1_009,
      Buffer.concat([
        frame(binary, Buffer.alloc(600), { fin: false }),
        frame(0, Buffer.alloc(600)),
      ]),
    ],
  ])("is a crash by %s, which the peer is told", async (_, cause, closeCode, bytes) => {
    const counterpart = await server();
    const { crash, events } = supervised(counterpart.url, { maxPayload: 1_000 });
    const peer = await counterpart.peer();
    peer.write(frame(text, "before"), bytes, frame(text, "after"));
    const error = await crash();
    expect(error).toBeInstanceOf(WebSocketProtocolError);
    expect(error).toMatchObject({ code: "WS_PROTOCOL", retryable: true, cause: { code: cause } });
    expect(error.message).toContain(`Gave up on ${counterpart.url}: `);
    expect(peer.closeCode).toBe(closeCode);
    expect(events.slice(0, 4)).toEqual([
      "connect",
      "message before",
      "error WS_PROTOCOL",
      "close 1006",
    ]);
  });

  it("tells the limit when a message is longer than maxPayload", async () => {
    const counterpart = await server();
    const { crash } = supervised(counterpart.url, { maxPayload: 1_000 });
    (await counterpart.peer()).write(frame(binary, Buffer.alloc(1_001)));
    expect((await crash()).message).toBe(
      `Gave up on ${counterpart.url}: a message has more than 1000 bytes`,
    );
  });

  it("settles what is pending within 50 ms of a close that the peer does not finish", async () => {
    const counterpart = await server({ closes: false });
    const { feed, until, events } = supervised(counterpart.url, { closeTimeout: 5_000 });
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    peer.socket.pause();
    const pending = failure(feed.send(Buffer.alloc(24 * 1_024 * 1_024)));
    await turns(20);
    for (const end of [closeFrame(1_001), frame(text, "still heard")]) peer.write(end);
    expect(await within(100, pending)).toMatchObject({ code: "WS_CLOSED", retryable: true });
    peer.socket.destroy();
  });

  it("terminates a connection that the peer closes and leaves open, and sends nothing more over it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const counterpart = await server({ closes: false });
    const { feed, until, events, crash } = supervised(counterpart.url, { closeTimeout: 3_000 });
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    peer.write(closeFrame(1_001));
    await counterpart.until(() => peer.closeCode === 1_001);
    const sent = feed.send("for the next one");
    await turns(20);
    expect(feed.mailbox.length).toBe(1);
    vi.advanceTimersByTime(2_999);
    await turns(20);
    expect(counterpart.sockets.size).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await crash()).toMatchObject({ closeCode: 1_001 });
    counterpart.behaviour = {};
    vi.advanceTimersByTime(10);
    await sent;
    expect(counterpart.received).toEqual(["for the next one"]);
    expect(peer.frames.filter(({ opcode }) => opcode === text)).toEqual([]);
  });
});

describe("a stop", () => {
  it.each([
    [undefined, 1_000],
    [1_001, 1_001],
    [3_999, 3_999],
  ])("closes with closeCode %s, awaits the peer and reports no crash", async (closeCode, sent) => {
    const counterpart = await server();
    const { root, until, events, crashes } = supervised(counterpart.url, { closeCode });
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    await root.stop();
    expect(peer.closeCode).toBe(sent);
    expect(events).toEqual(["connect", `close ${sent}`]);
    expect(crashes).toEqual([]);
    await counterpart.until(() => counterpart.sockets.size === 0);
  });

  it("closes also when who is told of the connection asks for it", async () => {
    const counterpart = await server();
    const stopped = Promise.withResolvers<void>();
    const { root, events, crashes } = supervised(counterpart.url, {
      onConnect: () => stopped.resolve(root.stop()),
    });
    const peer = await counterpart.peer();
    await stopped.promise;
    expect(peer.closeCode).toBe(1_000);
    expect(events).toEqual(["connect", "close 1000"]);
    expect(crashes).toEqual([]);
    await counterpart.until(() => counterpart.sockets.size === 0);
  });

  it("hands over what was accepted before it closes", async () => {
    const counterpart = await server();
    const { feed, root } = supervised(counterpart.url);
    await counterpart.peer();
    await feed.send("last words");
    await root.stop();
    expect(counterpart.received).toEqual(["last words"]);
  });

  it("terminates after closeTimeout when the peer ignores the close frame", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const counterpart = await server({ closes: false });
    const { root, until, events } = supervised(counterpart.url);
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    const stopped = root.stop();
    await counterpart.until(() => peer.closeCode === 1_000);
    vi.advanceTimersByTime(2_999);
    await turns(20);
    expect(counterpart.sockets.size).toBe(1);
    vi.advanceTimersByTime(1);
    await stopped;
    expect(events.at(-1)).toBe("close 1006");
    await counterpart.until(() => counterpart.sockets.size === 0);
  });

  it("awaits the peer as long as it takes when closeTimeout is off", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const counterpart = await server({ closes: false });
    const { root, until, events } = supervised(counterpart.url, { closeTimeout: false });
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    const stopped = root.stop();
    await counterpart.until(() => peer.closeCode === 1_000);
    // The supervisor's own patience is 5 seconds.
    vi.advanceTimersByTime(4_999);
    await turns(20);
    expect(counterpart.sockets.size).toBe(1);
    peer.socket.end(closeFrame(1_000));
    await stopped;
    expect(events.at(-1)).toBe("close 1000");
  });

  it("settles what is pending within 50 ms though the peer reads nothing", async () => {
    const counterpart = await server();
    const { feed, root } = supervised(counterpart.url, { closeTimeout: 200 });
    (await counterpart.peer()).socket.pause();
    const taken = failure(feed.send(Buffer.alloc(24 * 1_024 * 1_024)));
    const queued = failure(feed.send("queued"));
    await turns(20);
    const stopped = root.stop();
    expect(await within(50, taken)).toMatchObject({ code: "ACTOR_STOPPED" });
    expect(await within(1_000, stopped)).toBeUndefined();
    expect(await queued).toMatchObject({ code: "ACTOR_STOPPED" });
  });
});

describe("pings of the peer", () => {
  it("are answered", async () => {
    const counterpart = await server();
    supervised(counterpart.url);
    const peer = await counterpart.peer();
    peer.write(frame(ping, "you?"));
    await counterpart.until(() => peer.frames.length > 0);
    expect(peer.frames).toMatchObject([{ opcode: pong, payload: Buffer.from("you?") }]);
  });

  it("fill no memory in a flood that is not read, and the newest is answered", async () => {
    const counterpart = await server();
    const { feed, until, events } = supervised(counterpart.url);
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    peer.socket.pause();
    void feed.send(Buffer.alloc(24 * 1_024 * 1_024));
    await turns(20);
    const flood = Array.from({ length: 50_000 }, (_, index) => frame(ping, String(index)));
    peer.write(...flood);
    peer.write(frame(text, "all there"));
    await until(() => events.includes("message all there"));
    peer.socket.resume();
    await counterpart.until(() => counterpart.received.length > 0);
    await counterpart.until(() => peer.frames.some(({ payload }) => String(payload) === "49999"));
    expect(peer.frames.filter(({ opcode }) => opcode === pong).length).toBeLessThan(10);
  });
});

describe("hooks", () => {
  it("that throw or reject are logged, and change nothing", async () => {
    const counterpart = await server({
      onMessage: (peer, data) => peer.send(String(data)),
    });
    const thrower = () => {
      throw new Error("by a hook");
    };
    const { feed, events, until, crash, logged } = supervised(counterpart.url, {
      onConnect: thrower,
      onMessage: () => Promise.reject(new Error("by a hook")) as never,
      onClose: thrower,
      onError: thrower,
    });
    await feed.send("a");
    await until(() => events.includes("message a"));
    counterpart.disconnect();
    expect(await crash()).toMatchObject({ code: "WS_CLOSED" });
    await feed.send("b");
    await until(() => events.includes("message b"));
    const failed = logged.filter(({ message }) => message.startsWith("hook"));
    expect(new Set(failed.map(({ bindings }) => bindings["hook"]))).toEqual(
      new Set(["onConnect", "onMessage", "onClose", "onError"]),
    );
    expect(failed[0]).toMatchObject({ bindings: { error: { message: "by a hook" } } });
  });
});
