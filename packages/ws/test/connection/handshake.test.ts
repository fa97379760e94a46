import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createPlainServer } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocketConnectError, WebSocketHandshakeError } from "../../src/index.ts";
import { frame, text } from "../servers/frame.ts";
import type { RawPeer } from "../servers/raw-server.ts";
import { failure, server, supervised, turns, within } from "../supervised.ts";

describe("the handshake", () => {
  it("loses no frame that comes in the packet of the 101, after onConnect", async () => {
    const { url } = await server({
      onRequest: (peer) => peer.accept([], frame(text, "first"), frame(text, "second")),
    });
    const { until, events } = supervised(url);
    await until(() => events.length === 3);
    expect(events).toEqual(["connect", "message first", "message second"]);
  });

  it("connects when the answer comes byte by byte", async () => {
    const { url } = await server({
      onRequest: (peer) => void dribble(peer),
    });
    const { until, events } = supervised(url);
    await until(() => events.length === 2);
    expect(events).toEqual(["connect", "message there"]);
  });

  it("gives up after connectTimeout though the answer goes on and on", async () => {
    const counterpart = await server({
      onRequest: (peer) => {
        peer.write("HTTP/1.1 101 Switching Protocols\r\n");
        const timer = setInterval(() => peer.write("X-More: of this\r\n"), 5);
        peer.socket.on("close", () => clearInterval(timer));
      },
    });
    const { crash, events } = supervised(counterpart.url, { connectTimeout: 100 });
    const error = await crash();
    expect(error).toBeInstanceOf(WebSocketConnectError);
    expect(error).toMatchObject({ code: "WS_CONNECT", retryable: true });
    expect(error.message).toBe(`Cannot connect to ${counterpart.url}: not connected within 100 ms`);
    expect(events[0]).toBe("error WS_CONNECT");
    await counterpart.until(() => counterpart.peers[0]!.socket.destroyed);
  });

  it.each([
    [401, false],
    [403, false],
    [404, false],
    [302, false],
    [200, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])(
    "tells status, body and whether to retry when the server answers %i",
    async (status, retry) => {
      const counterpart = await server({
        onRequest: (peer) => {
          peer.write(`HTTP/1.1 ${status} No\r\nLocation: ws://127.0.0.1:1/\r\n`);
          peer.write("Content-Length: 12\r\n\r\nbad ", "tokén. ");
        },
      });
      const error = await supervised(counterpart.url, {}, { policy: "temporary" }).crash();
      expect(error).toBeInstanceOf(WebSocketHandshakeError);
      expect(error).toMatchObject({ code: "WS_HANDSHAKE", status, retryable: retry });
      expect(error["body"]).toBe("bad tokén. ");
      expect(error.message).toContain(`the server answered with status ${status}`);
      await counterpart.until(() => counterpart.sockets.size === 0);
    },
  );

  it("reads no more than the beginning of a refusal, and not for ever", async () => {
    const endless = await server({
      onRequest: (peer) => {
        peer.write("HTTP/1.1 401 No\r\n\r\n", "x".repeat(100_000));
      },
    });
    const long = await supervised(endless.url, {}, { policy: "temporary" }).crash();
    expect((long["body"] as string).length).toBe(1_024);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const silent = await server({
      onRequest: (peer) => peer.write("HTTP/1.1 401 No\r\nContent-Length: 5\r\n\r\n"),
    });
    const options = { connectTimeout: 100 };
    const { crash } = supervised(silent.url, options, { policy: "temporary" });
    await silent.until(() => (silent.peers[0]?.request ?? "") !== "");
    await turns(50);
    vi.advanceTimersByTime(100);
    const cut = await crash();
    expect(cut).toMatchObject({ code: "WS_HANDSHAKE", status: 401, body: "" });
    await silent.until(() => silent.sockets.size === 0);
  });

  it("follows no redirect", async () => {
    const target = await server();
    const { url } = await server({
      onRequest: (peer) =>
        peer.write(`HTTP/1.1 307 There\r\nLocation: ${target.url}\r\nContent-Length: 0\r\n\r\n`),
    });
    await supervised(url, {}, { policy: "temporary" }).crash();
    expect(target.peers).toEqual([]);
  });

  it.each([
    [
      "accepts another key",
      "Invalid Sec-WebSocket-Accept header",
      (answer: string) => answer.replace(/Accept: ..../, "Accept: AAAA"),
    ],
    [
      "upgrades to something else",
      "Invalid Upgrade header",
      (answer: string) => answer.replace("Upgrade: websocket", "Upgrade: h2c"),
    ],
    [
      "chose a subprotocol that was not offered",
      "Server sent a subprotocol but none was requested",
      (answer: string) => answer.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: v9\r\n\r\n"),
    ],
    [
      "chose an extension that was not offered",
      "Server sent a Sec-WebSocket-Extensions header but no extension was requested",
      (answer: string) =>
        answer.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
    ],
  ])("is refused when the server %s", async (_, message, spoil) => {
    const counterpart = await server({
      onRequest: (peer) => peer.write(spoil(peer.answer())),
    });
    const error = await supervised(counterpart.url, {}, { policy: "temporary" }).crash();
    expect(error).toMatchObject({ code: "WS_HANDSHAKE", status: 101, retryable: false, body: "" });
    expect(error.message).toBe(`Cannot connect to ${counterpart.url}: ${message}`);
    expect((error.cause as Error).message).toBe(message);
  });

  it("tells why there is no connection when it is refused, or the answer is no HTTP", async () => {
    const closed = await server();
    await closed[Symbol.asyncDispose]();
    const refused = await supervised(closed.url).crash();
    expect(refused).toMatchObject({ code: "WS_CONNECT", cause: { code: "ECONNREFUSED" } });
    expect(refused.message).toContain("ECONNREFUSED");
    const { url } = await server({ onRequest: (peer) => peer.write("SSH-2.0-OpenSSH_9.2\r\n") });
    expect(await supervised(url).crash()).toMatchObject({ code: "WS_CONNECT", retryable: true });
    const gone = await server({ onRequest: (peer) => peer.socket.resetAndDestroy() });
    expect(await supervised(gone.url).crash()).toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  it("offers the subprotocols and tells which one was chosen", async () => {
    const counterpart = await server({
      onRequest: (peer) => peer.accept(["Sec-WebSocket-Protocol: v1"]),
    });
    const { feed, root } = supervised(counterpart.url, { protocols: ["v2", "v1"] });
    expect(feed.protocol).toBeUndefined();
    const peer = await counterpart.peer();
    expect(peer.header("sec-websocket-protocol")).toBe("v2,v1");
    await feed.send("x");
    expect(feed.protocol).toBe("v1");
    await root.stop();
    expect(feed.protocol).toBeUndefined();
  });

  it("refuses a server that chose none of the subprotocols", async () => {
    const { url } = await server();
    const error = await supervised(url, { protocols: "v1" }, { policy: "temporary" }).crash();
    expect(error).toMatchObject({ code: "WS_HANDSHAKE", retryable: false });
    expect(error.message).toContain("Server sent no subprotocol");
  });

  it("asks for headers and subprotocols in each life", async () => {
    const counterpart = await server({
      onRequest: (peer) =>
        peer.accept([`Sec-WebSocket-Protocol: ${peer.header("sec-websocket-protocol")}`]),
    });
    let lives = 0;
    const { crash } = supervised(counterpart.url, {
      headers: async ({ signal }) => {
        expect(signal.aborted).toBe(false);
        await turns(2);
        return { Authorization: `Bearer ${++lives}` };
      },
      protocols: () => `p${lives}`,
    });
    const first = await counterpart.peer();
    counterpart.disconnect();
    await crash();
    const second = await counterpart.peer(2);
    expect([first, second].map((peer) => peer.header("authorization"))).toEqual([
      "Bearer 1",
      "Bearer 2",
    ]);
    expect([first, second].map((peer) => peer.header("sec-websocket-protocol"))).toEqual([
      "p0",
      "p1",
    ]);
  });

  it("sends the headers and credentials that it was given, and shows no secret", async () => {
    const counterpart = await server();
    const { port } = new URL(counterpart.url);
    const connected: string[] = [];
    const url = new URL(`ws://me:s3cret@127.0.0.1:${port}/feed?key=t0ken`);
    const { crash, logged, until } = supervised(url.href, {
      headers: { Cookie: "a=1", "X-Site": "north" },
      onConnect: (at) => void connected.push(at),
    });
    const peer = await counterpart.peer();
    expect(peer.header("cookie")).toBe("a=1");
    expect(peer.header("x-site")).toBe("north");
    expect(peer.header("authorization")).toBe(`Basic ${btoa("me:s3cret")}`);
    await until(() => connected.length > 0);
    expect(connected).toEqual([`ws://127.0.0.1:${port}/feed?key=t0ken`]);
    counterpart.disconnect();
    const told = (await crash()).message + JSON.stringify(logged);
    expect(told).not.toContain("s3cret");
    expect(told).not.toContain("t0ken");
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no token");
      },
      true,
      "the function `headers` failed",
    ],
    ["rejects", () => Promise.reject(new Error("no token")), true, "the function `headers` failed"],
    [
      "gives what no header can carry",
      () => ({ authorization: "a\r\nb" }),
      false,
      '"authorization" is not',
    ],
    ["gives none", () => undefined as never, false, "`headers` must be an object of strings"],
  ])(
    "crashes typed, and connects to nobody, when the function headers %s",
    async (_, headers, retryable, message) => {
      const counterpart = await server();
      const error = await supervised(counterpart.url, { headers }, { policy: "temporary" }).crash();
      expect(error).toMatchObject({ code: "WS_REQUEST", retryable });
      expect(error.message).toContain(`Cannot connect to ${counterpart.url}: `);
      expect(error.message).toContain(message);
      expect(error.cause).toBeInstanceOf(Error);
      expect(counterpart.peers).toEqual([]);
    },
  );

  it("gives up a function that never answers, and tells it so", async () => {
    const { url } = await server();
    const told: unknown[] = [];
    const { crash } = supervised(url, {
      connectTimeout: 50,
      protocols: ({ signal }) => {
        signal.addEventListener("abort", () => told.push(signal.reason));
        return new Promise(() => {});
      },
    });
    const error = await crash();
    expect(error.code).toBe("WS_CONNECT");
    expect(told).toEqual([error]);
  });

  it("goes through the agent", async () => {
    const counterpart = await server();
    const agent = new Agent();
    const made: unknown[] = [];
    const create = agent.createConnection.bind(agent);
    agent.createConnection = (...parameters) => {
      made.push(parameters[0]);
      return create(...parameters);
    };
    supervised(counterpart.url, { agent });
    await counterpart.peer();
    expect(made).toHaveLength(1);
  });

  it("trusts no certificate by itself, and the one that tls names", async () => {
    const { url, ca } = await secureServer();
    const refused = await supervised(url, {}, { policy: "temporary" }).crash();
    expect(refused).toMatchObject({ code: "WS_CONNECT" });
    expect((refused.cause as { code: string }).code).toMatch(/CERT/);
    const { until, events } = supervised(url, { tls: { ca } });
    await until(() => events.length > 0);
    expect(events).toEqual(["connect"]);
  });

  it("says that the server does not speak TLS when a wss: URL meets a plain one", async () => {
    const port = await plainServer("HTTP/1.1 400 Bad Request\r\n\r\n");
    const error = await supervised(`wss://127.0.0.1:${port}/`).crash();
    expect(error.message).toBe(
      `Cannot connect to wss://127.0.0.1:${port}/: the server does not speak TLS at that port`,
    );
    expect(error.code).toBe("WS_CONNECT");
    expect((error.cause as Error).message).toContain("SSL routines");
  });

  it("says that the server speaks TLS when a ws: URL meets one that does", async () => {
    const { url } = await secureServer();
    const plain = url.replace("wss:", "ws:");
    expect((await supervised(plain).crash()).message).toBe(
      `Cannot connect to ${plain}: the server hung up without an answer, as one may that speaks TLS at that port`,
    );
    // An alert of TLS: it does not understand what came.
    const alert = await plainServer(Buffer.from("15030300020246", "hex"));
    const error = await supervised(`ws://127.0.0.1:${alert}/`).crash();
    expect(error.message).toBe(
      `Cannot connect to ws://127.0.0.1:${alert}/: the server speaks TLS at that port`,
    );
    expect(error.cause).toMatchObject({ code: expect.stringMatching(/^HPE_/) });
    const told = await server({
      onRequest: (peer) => {
        peer.write("HTTP/1.0 400 Bad Request\r\n\r\n");
        peer.socket.end("Client sent an HTTP request to an HTTPS server.\n");
      },
    });
    expect((await supervised(told.url).crash()).message).toBe(
      `Cannot connect to ${told.url}: the server answered with status 400, as it speaks TLS at that port`,
    );
  });

  it("leaves nothing of an attempt that is stopped, whatever it waits for", async () => {
    const mute = await server({ onRequest: () => {} });
    const asking = supervised(mute.url, { headers: () => new Promise<never>(() => {}) });
    expect(await within(100, asking.root.stop())).toBeUndefined();
    const waiting = supervised(mute.url);
    await mute.until(() => mute.peers[0]?.request !== undefined && mute.peers[0].request !== "");
    const sent = failure(waiting.feed.send("x"));
    expect(await within(100, waiting.root.stop())).toBeUndefined();
    expect((await sent).code).toBe("ACTOR_STOPPED");
    await mute.until(() => mute.sockets.size === 0);
    expect([...asking.crashes, ...waiting.crashes]).toEqual([]);
    expect([...asking.events, ...waiting.events]).toEqual([]);
  });
});

/** A right answer, a byte in each turn of the loop. */
async function dribble(peer: RawPeer): Promise<void> {
  for (const byte of Buffer.from(peer.answer(), "latin1")) {
    peer.write(Buffer.from([byte]));
    await turns(1);
  }
  peer.opened();
  peer.send("there");
}

/** The port of a server that answers whatever comes with `answer`. */
async function plainServer(answer: string | Buffer): Promise<number> {
  const plain = createPlainServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(answer));
  });
  plain.listen(0, "127.0.0.1");
  await once(plain, "listening");
  onTestFinished(() => void plain.close());
  return (plain.address() as AddressInfo).port;
}

/** Answers each request for a WebSocket with a 101, over TLS. */
async function secureServer(): Promise<{ url: string; ca: string }> {
  // A key and its certificate, for 127.0.0.1 and a hundred years.
  const pem = readFileSync(new URL("../servers/self-signed.pem", import.meta.url), "utf8");
  const secure = createServer({ key: pem, cert: pem });
  secure.on("upgrade", (request, socket) => {
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.on("error", () => {});
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    onTestFinished(() => void socket.destroy());
  });
  secure.listen(0, "127.0.0.1");
  await once(secure, "listening");
  onTestFinished(() => void secure.close());
  return { url: `wss://127.0.0.1:${(secure.address() as AddressInfo).port}/`, ca: pem };
}
