import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocketActor, WebSocketClosedError, WebSocketConnectError } from "../../src/index.ts";
import { blackHole } from "../../../../scripts/test/servers/black-hole.ts";
import { closeFrame } from "../servers/frame.ts";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";
import { failure, server, supervised, turns } from "../supervised.ts";

describe("the call's timeout", () => {
  it("says that the actor was not started", async () => {
    const feed = new WebSocketActor("feed", "wss://example.com/feed?token=secret");
    const late = await failure(feed.send("x", { timeout: 5 }));
    expect(late).toBeInstanceOf(DOMException);
    expect(late.name).toBe("TimeoutError");
    expect(late.message).toBe(
      "Cannot send to wss://example.com/feed: no connection within 5 ms (the actor was not started)",
    );
    expect(late.cause).toBeUndefined();
  });

  it("says why there is no connection when nobody ever listened, with the last error", async () => {
    const port = await freePort();
    const { feed, crash, crashes } = supervised(`ws://127.0.0.1:${port}/feed`);
    await crash();
    const { name, message, cause } = await failure(feed.send("x", { timeout: 20 }));
    expect(name).toBe("TimeoutError");
    expect(message).toBe(
      `Cannot send to ws://127.0.0.1:${port}/feed: no connection within 20 ms (Cannot connect to ws://127.0.0.1:${port}/feed: connect ECONNREFUSED 127.0.0.1:${port})`,
    );
    expect(cause).toBeInstanceOf(WebSocketConnectError);
    expect(crashes).toContain(cause);
  });

  it("says that the first attempt to connect still goes on, and how the last one ended", async () => {
    using hole = await blackHole();
    const url = `ws://127.0.0.1:${hole.port}/feed`;
    const { feed, crash } = supervised(url, { connectTimeout: 100 });
    const early = await failure(feed.send("x", { timeout: 10 }));
    expect(early.message).toBe(
      `Cannot send to ${url}: no connection within 10 ms (still connecting)`,
    );
    await crash();
    const later = await failure(feed.send("x", { timeout: 10 }));
    expect(later.message).toBe(
      `Cannot send to ${url}: no connection within 10 ms (Cannot connect to ${url}: not connected within 100 ms)`,
    );
  });

  it("says how the connection was lost when the server went away", async () => {
    const counterpart = await server();
    const { url } = counterpart;
    const { feed, crash } = supervised(url, {}, { restartDelay: 60_000 });
    await counterpart.peer();
    counterpart.disconnect();
    const lost = await crash();
    const late = await failure(feed.send("x", { timeout: 5 }));
    expect(late.message).toBe(
      `Cannot send to ${url}: no connection within 5 ms (Lost the connection to ${url}: it ended without a close frame)`,
    );
    expect(late.cause).toBeInstanceOf(WebSocketClosedError);
    expect(late.cause).toBe(lost);
  });

  it("says that the connection is being closed while the peer does not end it", async () => {
    const counterpart = await server();
    const { url } = counterpart;
    const { feed, until, events } = supervised(url);
    const peer = await counterpart.peer();
    await until(() => events.length === 1);
    peer.socket.pause();
    peer.write(closeFrame(1_001));
    await turns(50);
    const late = await failure(feed.send("x", { timeout: 5 }));
    expect(late.message).toBe(
      `Cannot send to ${url}: no connection within 5 ms (it is being closed)`,
    );
    peer.socket.destroy();
  });

  it("says that the peer reads too slowly when there is a connection", async () => {
    const counterpart = await server();
    const { url } = counterpart;
    const { feed, until, events } = supervised(url);
    const peer = await counterpart.peer();
    peer.socket.pause();
    await until(() => events.length === 1);
    const stuck = failure(feed.send(Buffer.alloc(24 * 1_024 * 1_024), { timeout: 50 }));
    const queued = failure(feed.send("x", { timeout: 50 }));
    const message = `Cannot send to ${url}: not sent within 50 ms (the peer reads too slowly)`;
    expect((await stuck).message).toBe(message);
    expect((await queued).message).toBe(message);
    peer.socket.destroy();
  });

  it("may go unheard", async () => {
    const feed = new WebSocketActor("feed", "ws://example.com");
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => void unheard.push(reason);
    process.on("unhandledRejection", hear);
    onTestFinished(() => void process.off("unhandledRejection", hear));
    void feed.send("x", { timeout: 1 });
    await failure(feed.send("y", { timeout: 2 }));
    await turns(2);
    expect(unheard).toEqual([]);
  });

  it("leaves the reason of a signal as it is", async () => {
    const feed = new WebSocketActor("feed", "ws://example.com");
    const signal = AbortSignal.timeout(5);
    expect(await failure(feed.send("x", { signal, timeout: 60_000 }))).toBe(signal.reason);
  });
});
