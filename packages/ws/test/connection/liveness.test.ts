import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocketIdleError } from "../../src/index.ts";
import { frame, ping, pong, text } from "../servers/frame.ts";
import type { RawServer } from "../servers/raw-server.ts";
import { failure, server, supervised, turns } from "../supervised.ts";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"],
  });
  // As the first thing of a test, so that its end, which closes connections, comes before.
  onTestFinished(() => void vi.useRealTimers());
});

/** Lets that much time pass, and in each second what is on its way arrive. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    vi.advanceTimersByTime(1_000);
    await turns(20);
  }
}

function pings({ peers }: RawServer): number {
  return peers.flatMap(({ frames }) => frames).filter(({ opcode }) => opcode === ping).length;
}

describe("pingInterval and idleTimeout", () => {
  it("find a peer dead that answers nothing, after 30 seconds", async () => {
    const counterpart = await server({ pongs: false });
    const { until, events, crash, crashes } = supervised(counterpart.url);
    await until(() => events.length === 1);
    await pass(29);
    expect(crashes).toEqual([]);
    expect(pings(counterpart)).toBe(1);
    await pass(1);
    const error = await crash();
    expect(error).toBeInstanceOf(WebSocketIdleError);
    expect(error).toMatchObject({ code: "WS_IDLE", retryable: true, unconfirmed: 0 });
    expect(error.message).toBe(`Gave up on ${counterpart.url}: nothing came for 30000 ms`);
    expect(events).toEqual(["connect", "error WS_IDLE", "close 1006"]);
    await counterpart.until(() => counterpart.sockets.size === 0);
  });

  it("let a silent peer live that answers pings", async () => {
    const counterpart = await server();
    const { until, events, crashes } = supervised(counterpart.url);
    await until(() => events.length === 1);
    await pass(100);
    expect(crashes).toEqual([]);
    expect(pings(counterpart)).toBe(6);
  });

  it.each([
    ["a message", frame(text, "tick")],
    ["a ping", frame(ping)],
    ["a pong that nobody asked for", frame(pong)],
    ["a part of a message", frame(0, "x", { fin: false })],
  ])("take %s as a sign of life", async (_, bytes) => {
    const counterpart = await server({
      pongs: false,
      onRequest: (peer) => peer.accept([], frame(text, "begun", { fin: bytes[0] !== 0 })),
    });
    const { crashes } = supervised(counterpart.url);
    const peer = await counterpart.peer();
    await turns(20);
    for (let minute = 0; minute < 3; minute++) {
      await pass(20);
      peer.write(bytes);
      await turns(20);
    }
    expect(crashes).toEqual([]);
    await pass(31);
    expect(crashes).toMatchObject([{ code: "WS_IDLE" }]);
  });

  it("count from the last sign of life, not from a timer's turn", async () => {
    const counterpart = await server({ pongs: false });
    const { crashes } = supervised(counterpart.url, { pingInterval: false, idleTimeout: 10_000 });
    const peer = await counterpart.peer();
    await turns(20);
    await pass(7);
    peer.send("tick");
    await turns(20);
    await pass(9);
    expect(crashes).toEqual([]);
    await pass(1);
    expect(crashes).toHaveLength(1);
    expect(pings(counterpart)).toBe(0);
  });

  it("let a peer be silent for hours when both are off", async () => {
    const counterpart = await server({ pongs: false });
    const { until, events, crashes } = supervised(counterpart.url, {
      pingInterval: false,
      idleTimeout: false,
    });
    await until(() => events.length === 1);
    vi.advanceTimersByTime(24 * 3_600_000);
    await turns(20);
    expect(crashes).toEqual([]);
    expect(pings(counterpart)).toBe(0);
  });

  it("send pings that nobody must answer when only idleTimeout is off", async () => {
    const counterpart = await server({ pongs: false });
    const { until, events, crashes } = supervised(counterpart.url, {
      pingInterval: 1_000,
      idleTimeout: false,
    });
    await until(() => events.length === 1);
    await pass(50);
    expect(crashes).toEqual([]);
    expect(pings(counterpart)).toBe(50);
  });

  it("ping at half of a short idleTimeout", async () => {
    const counterpart = await server();
    const { until, events, crashes } = supervised(counterpart.url, { idleTimeout: 4_000 });
    await until(() => events.length === 1);
    await pass(20);
    expect(pings(counterpart)).toBe(10);
    expect(crashes).toEqual([]);
  });

  it("pile up no pings before a peer that does not read", async () => {
    const counterpart = await server();
    const { feed, until, events } = supervised(counterpart.url, {
      pingInterval: 1_000,
      idleTimeout: false,
    });
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    peer.socket.pause();
    const sent = feed.send(Buffer.alloc(24 * 1_024 * 1_024));
    await turns(50);
    await pass(60);
    peer.socket.resume();
    await sent;
    await counterpart.until(() => pings(counterpart) > 0);
    await turns(50);
    expect(pings(counterpart)).toBe(1);
  });

  it("settle what was pending when the peer is dead", async () => {
    const counterpart = await server({ pongs: false });
    const { feed, until, events } = supervised(counterpart.url);
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    peer.socket.pause();
    await feed.send("into the buffers of the system");
    const pending = failure(feed.send(Buffer.alloc(24 * 1_024 * 1_024)));
    await turns(20);
    await pass(30);
    expect(await pending).toMatchObject({ code: "WS_IDLE", unconfirmed: 1 });
    peer.socket.destroy();
  });
});

describe("unconfirmed", () => {
  it("counts what was sent since the ping whose pong came last", async () => {
    const counterpart = await server();
    const { feed, until, events, crash } = supervised(counterpart.url);
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    for (const data of ["a", "b", "c"]) await feed.send(data);
    await pass(15);
    await counterpart.until(() => pings(counterpart) === 1);
    await turns(20);
    for (const data of ["d", "e"]) await feed.send(data);
    peer.socket.resetAndDestroy();
    expect(await crash()).toMatchObject({ code: "WS_CLOSED", unconfirmed: 2 });
  });

  it("believes no pong that tells of more than was sent", async () => {
    const counterpart = await server();
    const { feed, until, events, crash } = supervised(counterpart.url);
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    await feed.send("a");
    for (const lie of ["7", "-1", "x", "1.5"]) peer.write(frame(pong, lie));
    peer.send("done");
    await until(() => events.includes("message done"));
    peer.socket.resetAndDestroy();
    expect(await crash()).toMatchObject({ unconfirmed: 1 });
  });
});
