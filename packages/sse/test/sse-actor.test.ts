import { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  SseActor,
  SseClosedError,
  SseConnectError,
  SseEventTooLargeError,
  SseIdleError,
  SseRequestError,
  SseResponseError,
  SseStatusError,
} from "../src/index.ts";
import { fakeTime, pass, turns } from "./fake-time.ts";
import { ending, inTurn, silent, status } from "./servers/event-server.ts";
import { server, supervised } from "./supervised.ts";

describe("SseActor", () => {
  it("tells what it reads, and from where", async () => {
    const { url } = await server(({ stream }) => stream("id: 7\nevent: price\ndata: 42\n\n"));
    const { has, events, connections, stream, logged } = supervised(url);
    await has(events, 1);
    expect(events).toEqual([{ id: "7", name: "price", data: "42" }]);
    expect(connections).toEqual([{ url, lastEventId: "" }]);
    expect([stream.name, stream.kind, stream.lastEventId]).toEqual(["stream", "sse", "7"]);
    expect(logged).toContainEqual(["info", { url, lastEventId: "" }, "connected"]);
  });

  it("crashes at the end of the stream, so that `transient` reconnects too", async () => {
    const { url } = await server(ending("data: 1\n\n"));
    const { has, connections, crashes, errors } = supervised(url, { policy: "transient" });
    await has(connections, 3);
    expect(crashes[0]).toBeInstanceOf(SseClosedError);
    expect(crashes[0]).toMatchObject({
      message: `Lost the stream of ${url}: it ended`,
      code: "SSE_CLOSED",
      retryable: true,
    });
    expect(errors.slice(0, 2)).toEqual(crashes.slice(0, 2));
  });

  it.each([
    ["a RST", (socket: { reset(): void }) => socket.reset()],
    ["an end in the middle of a chunk", (call: { socket: { end(): void } }) => call.socket.end()],
  ] as const)("crashes with the cause at %s", async (_, harm) => {
    const broken = await server(({ stream }) => stream("data: 1\n\n"));
    const { has, events, crashes } = supervised(broken.url, { policy: "temporary" });
    await has(events, 1);
    (harm as (call: unknown) => void)(broken.calls[0]);
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseClosedError);
    expect(crashes[0]!.cause).toMatchObject({ code: "ECONNRESET" });
    await broken.deserted();
  });

  it("delivers nothing more of a chunk whose event stopped it, and keeps the id of that event", async () => {
    const { url } = await server(({ stream }) =>
      stream("id: 1\ndata: 1\n\nid: 2\nretry: 5000\ndata: 2\n\nid: 3\ndata: 3\n\n"),
    );
    const seen: string[] = [];
    const { root, stream } = supervised(url, {
      onEvent: ({ id }) => {
        seen.push(id);
        void root.stop();
      },
    });
    await root.wait();
    expect([seen, stream.lastEventId]).toEqual([["1"], "1"]);
  });

  it("goes on to deliver when `onEvent` throws or rejects, and logs it", async () => {
    const { url } = await server(({ stream }) => stream("data: 1\n\ndata: 2\n\ndata: 3\n\n"));
    const seen: string[] = [];
    const { stream, logged, crashes } = supervised(url, {
      onEvent: ({ data }) => {
        seen.push(data);
        if (data === "1") throw new Error("thrown");
        return Promise.reject(new Error("rejected")) as unknown as void;
      },
    });
    const { value } = await stream.events().next();
    await turns(3);
    expect([value?.data, seen, crashes]).toEqual(["1", ["1", "2", "3"], []]);
    const failures = logged.filter(([level]) => level === "error");
    expect(failures.map(([, { error, hook }]) => [hook, (error as Error).message])).toEqual([
      ["onEvent", "thrown"],
      ["onEvent", "rejected"],
      ["onEvent", "rejected"],
    ]);
  });
});

describe("SseActor's last event id", () => {
  it("goes with every life after the first, over ends, refusals and lost connections", async () => {
    const one = await server(
      inTurn(
        ending("id: a\ndata: 1\n\n"),
        status(503),
        ({ stream, reset }) => {
          stream("id: b\n\n");
          setImmediate(reset);
        },
        silent,
      ),
    );
    const { has, connections, stream } = supervised(one.url);
    await has(connections, 3);
    expect(one.sent("last-event-id")).toEqual([undefined, "a", "a", "b"]);
    expect(connections.map(({ lastEventId }) => lastEventId)).toEqual(["", "a", "b"]);
    expect(stream.lastEventId).toBe("b");
  });

  it("goes with the first life when the application gives it back", async () => {
    const one = await server(ending("id: 41\ndata: x\n\n"));
    const before = supervised(one.url, { policy: "temporary" });
    await before.root.wait();
    const after = supervised(one.url, {
      lastEventId: before.stream.lastEventId,
      policy: "temporary",
    });
    await after.root.wait();
    expect(one.sent("last-event-id")).toEqual([undefined, "41"]);
    expect(after.connections[0]!.lastEventId).toBe("41");
  });

  it("stays when the actor is stopped for good and run anew", async () => {
    const one = await server(({ stream }) => stream("id: 7\ndata: x\n\n"));
    const { root, has, events } = supervised(one.url);
    await has(events, 1);
    await root.stop();
    root.start();
    await has(events, 2);
    expect(one.sent("last-event-id")).toEqual([undefined, "7"]);
  });

  it("is not sent any more when the stream has taken it back", async () => {
    const one = await server(inTurn(ending("id: 7\ndata: x\n\nid\n\n"), status(204)));
    await supervised(one.url).root.wait();
    expect(one.sent("last-event-id")).toEqual([undefined, undefined]);
  });

  it.each(["\u0001", "a\u007f", "a\u001bb"])(
    "is kept, reported and not sent when no header can carry it: %j",
    async (id) => {
      const one = await server(inTurn(ending(`id: ${id}\ndata: x\n\n`), silent));
      const { has, connections, events, errors, crashes, logged, stream } = supervised(one.url);
      await has(connections, 2);
      expect(one.sent("last-event-id")).toEqual([undefined, undefined]);
      expect([stream.lastEventId, events[0]!.id, connections[1]!.lastEventId]).toEqual([
        id,
        id,
        "",
      ]);
      const report = errors[1];
      expect(report).toBeInstanceOf(SseRequestError);
      expect(report).toMatchObject({
        message: `Cannot send the last event id ${JSON.stringify(id)}: a header cannot carry control characters`,
        code: "SSE_REQUEST",
        retryable: false,
      });
      expect(crashes).toHaveLength(1);
      expect(logged).toContainEqual([
        "warn",
        { error: report },
        "connecting without the last event id",
      ]);
    },
  );
});

describe("SseActor's delay before the next life", () => {
  it.each([
    ["retry of 0", "retry: 0\n\n", {}, 100],
    ["retry of less than the least", "retry: 99\n\n", {}, 100],
    ["retry within the bounds", "retry: 5000\n\n", {}, 5_000],
    ["retry past the most", "retry: 60001\n\n", {}, 60_000],
    ["retry that no timer keeps", "retry: 99999999999\n\n", {}, 60_000],
    ["retry that no number keeps", `retry: ${"9".repeat(400)}\n\n`, {}, 60_000],
    ["retry with bounds of one's own", "retry: 0\n\n", { min: 7_000 }, 7_000],
    ["retry with a most of one's own", "retry: 9999\n\n", { max: 50 }, 50],
    ["retry with a least above the usual most", "retry: 1\n\n", { min: 90_000 }, 90_000],
  ])("is what the server asks for: %s", async (_, text, retry, expected) => {
    fakeTime();
    const one = await server(inTurn(ending(text), silent));
    const { has, crashes, connections } = supervised(one.url, { retry });
    await has(crashes, 1);
    await pass(expected - 1);
    expect(one.calls).toHaveLength(1);
    await pass(1);
    await has(connections, 2);
  });

  it("is none when the server asks for none", async () => {
    fakeTime();
    const one = await server(ending("data: 1\n\n"));
    const { has, crashes, connections } = supervised(one.url);
    await has(crashes, 1);
    await pass(0);
    await has(connections, 2);
    expect(one.calls).toHaveLength(2);
  });

  it("holds over lives until the server asks for another one, also when it cannot be reached", async () => {
    fakeTime();
    const one = await server(
      inTurn(ending("retry: 3000\n\n"), status(500), ({ reset }) => reset(), silent),
    );
    const { has, crashes, connections } = supervised(one.url);
    for (const life of [1, 2, 3]) {
      await has(crashes, life);
      await pass(2_999);
      expect(one.calls).toHaveLength(life);
      await pass(1);
      await one.called(life + 1);
    }
    await has(connections, 2);
  });

  it("has the supervisor's delay as a part of it", async () => {
    fakeTime();
    const one = await server(inTurn(ending("retry: 3000\n\n"), silent));
    const { has, crashes } = supervised(one.url, { restartDelay: 1_000 });
    await has(crashes, 1);
    await pass(2_999);
    expect(one.calls).toHaveLength(1);
    await pass(1);
    await one.called(2);
  });

  it("makes no hot loop of a server that asks for 0 and ends at once", async () => {
    fakeTime();
    const one = await server(ending("retry: 0\n\n"));
    supervised(one.url);
    await one.called(1);
    for (let time = 0; time < 1_000; time += 20) await pass(20);
    expect(one.calls.length).toBeGreaterThan(1);
    expect(one.calls.length).toBeLessThanOrEqual(11);
  });

  it.each([
    ["seconds", "7", 7_000],
    ["seconds past the most", "86400", 60_000],
    ["no seconds at all", "0", 100],
    ["a date", "Thu, 01 Jan 2026 00:00:09 GMT", 9_000],
    ["a date that is over", "Thu, 01 Jan 2015 00:00:00 GMT", 100],
    ["what is neither", "soon", 0],
  ])("is what `Retry-After` of a refusal asks for: %s", async (_, value, expected) => {
    fakeTime();
    vi.setSystemTime(new Date("2026-01-01T00:00:00Z"));
    const one = await server(inTurn(status(503, { "retry-after": value }), silent));
    const { has, crashes, connections } = supervised(one.url);
    await has(crashes, 1);
    await pass(Math.max(0, expected - 1));
    expect(one.calls).toHaveLength(expected === 0 ? 2 : 1);
    await pass(1);
    await has(connections, 1);
    expect(crashes[0]).toMatchObject({ status: 503, retryable: true });
  });

  it("takes `Retry-After` for the next life alone", async () => {
    fakeTime();
    const one = await server(
      inTurn(status(503, { "retry-after": "7" }), ending("data: 1\n\n"), silent),
    );
    const { has, crashes, connections } = supervised(one.url);
    await has(crashes, 1);
    await pass(7_000);
    await has(crashes, 2);
    await pass(0);
    await has(connections, 2);
    expect((crashes[0] as SseStatusError).retryAfter).toBe(7_000);
  });

  it("is ended at once by a stop", async () => {
    fakeTime();
    const one = await server(ending("retry: 60000\n\n"));
    const { has, crashes, root } = supervised(one.url);
    await has(crashes, 1);
    await pass(5);
    await root.stop();
    expect([crashes.length, one.calls.length, vi.getTimerCount()]).toEqual([1, 1, 0]);
  });
});

describe("SseActor's statuses", () => {
  it("finishes at what `stopOn` says, and at nothing else", async () => {
    const gone = await server(inTurn(status(204), status(410)));
    const { root, crashes, logged } = supervised(gone.url, { stopOn: [404, 410] });
    await root.wait();
    expect(crashes).toHaveLength(1);
    expect(crashes[0]).toMatchObject({ status: 204, retryable: false });
    expect(logged.some(([level, { status }]) => level === "info" && status === 410)).toBe(true);
    await gone.deserted();
  });

  it("says of a refusal whether `retryOn` holds it", async () => {
    const { url } = await server(inTurn(status(409), status(503)));
    const { has, crashes } = supervised(url, { retryOn: [409] });
    await has(crashes, 2);
    expect(crashes.slice(0, 2)).toMatchObject([
      { status: 409, retryable: true },
      { status: 503, retryable: false },
    ]);
    expect(crashes[0]!.message).toBe(
      `Cannot open the stream of ${url}: the server answered with status 409`,
    );
  });

  it.each([408, 425, 429, 500, 502, 503, 504])("holds %i for one that passes", async (code) => {
    const { url } = await server(status(code));
    const { has, crashes } = supervised(url, { policy: "temporary" });
    await has(crashes, 1);
    expect(crashes[0]).toMatchObject({ status: code, retryable: true });
  });

  it("refuses text/html and what has no type at all, and names it", async () => {
    const { url } = await server(
      inTurn(
        ({ stream }) => stream("data: 1\n\n", { "content-type": "text/html" }),
        ({ response }) => void response.writeHead(200).write("data: 1\n\n"),
      ),
    );
    const { has, crashes, events } = supervised(url);
    await has(crashes, 2);
    expect(crashes.map(({ message }) => message).slice(0, 2)).toEqual([
      `Cannot open the stream of ${url}: its content type must be text/event-stream, got "text/html"`,
      `Cannot open the stream of ${url}: its content type must be text/event-stream, got none`,
    ]);
    expect(events).toEqual([]);
  });

  it("refuses a compressed stream, takes `identity`, and tells a compressed refusal by its status", async () => {
    const body = gzipSync("data: 1\n\n");
    const gzip = { "content-encoding": "gzip" };
    const { url } = await server(
      inTurn(
        ({ stream }) => stream(body, gzip),
        ({ response }) => response.writeHead(503, gzip).end(body),
        ({ stream }) => stream("data: 2\n\n", { "content-encoding": "Identity" }),
      ),
    );
    const { has, crashes, events } = supervised(url);
    await has(events, 1);
    expect(crashes[0]).toBeInstanceOf(SseResponseError);
    expect(crashes[0]!.message).toContain(
      "it is encoded (gzip), though only identity was accepted",
    );
    expect(crashes[1]).toBeInstanceOf(SseStatusError);
    expect(events[0]!.data).toBe("2");
  });
});

describe("SseActor's idleTimeout", () => {
  it("crashes when not a byte came for as long", async () => {
    fakeTime();
    const one = await server(({ stream }) => stream("data: 1\n\n"));
    const { has, events, crashes, stream } = supervised(one.url);
    await has(events, 1);
    await pass(29_999);
    expect(crashes).toEqual([]);
    await pass(1);
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseIdleError);
    expect(crashes[0]).toMatchObject({
      message: `Lost the stream of ${one.url}: silent for 30000 ms`,
      code: "SSE_IDLE",
      retryable: true,
    });
    expect(stream.name).toBe("stream");
    await one.deserted();
  });

  it.each([
    ["a comment", ":\n"],
    ["half a comment", ":"],
    ["half a field", "d"],
    ["half a character", Uint8Array.of(0xe2)],
  ])("takes %s for a sign of life", async (_, bytes) => {
    fakeTime();
    const one = await server(silent);
    const { has, connections, crashes } = supervised(one.url);
    await has(connections, 1);
    for (let time = 0; time < 5; time++) {
      await pass(29_999);
      one.calls[0]!.send(bytes);
      await turns(30);
    }
    expect(crashes).toEqual([]);
    await pass(30_000);
    await has(crashes, 1);
  });

  it("lets a stream be silent for hours when it is off", async () => {
    fakeTime();
    const one = await server(silent);
    const { has, connections, events, crashes } = supervised(one.url, { idleTimeout: false });
    await has(connections, 1);
    for (let hour = 0; hour < 12; hour++) await pass(3_600_000);
    one.calls[0]!.send("data: still here\n\n");
    await has(events, 1);
    expect([crashes, one.calls.length]).toEqual([[], 1]);
  });

  it("does not count the bytes that a busy process has not got to", async () => {
    fakeTime();
    const one = await server(silent);
    const { has, connections, events, crashes } = supervised(one.url);
    await has(connections, 1);
    await turns(30);
    one.calls[0]!.send("data: 1\n\n");
    vi.advanceTimersByTime(30_000);
    await has(events, 1);
    await turns(30);
    expect(crashes).toEqual([]);
    await pass(30_000);
    await has(crashes, 1);
  });

  it("reads a stream that dribbles byte by byte", async () => {
    const one = await server(silent);
    const { has, connections, events } = supervised(one.url);
    await has(connections, 1);
    for (const byte of Buffer.from("id: 1\r\ndata: …\r\n\r\n")) {
      one.calls[0]!.send(Uint8Array.of(byte));
      await turns(3);
    }
    await has(events, 1);
    expect(events).toEqual([{ id: "1", name: "message", data: "…" }]);
  });
});

describe("SseActor's connectTimeout", () => {
  it.each([
    ["a server that says nothing", () => {}],
    [
      "a head that does not end",
      ({ socket }: { socket: { write(text: string): void } }) =>
        socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/ev"),
    ],
  ])("gives up %s, and frees the socket", async (_, script) => {
    fakeTime();
    const one = await server(script);
    const { crashes, has } = supervised(one.url, { policy: "temporary" });
    await one.called(1);
    await pass(9_999);
    expect(crashes).toEqual([]);
    await pass(1);
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseConnectError);
    expect(crashes[0]).toMatchObject({
      message: `Cannot connect to ${one.url}: no response within 10000 ms`,
      code: "SSE_CONNECT",
      retryable: true,
    });
    await one.deserted();
  });

  it("gives up a `headers` function that does not settle, and tells it", async () => {
    fakeTime();
    const signals: AbortSignal[] = [];
    const { crashes, has } = supervised("http://127.0.0.1:9/", {
      policy: "temporary",
      connectTimeout: 500,
      headers: ({ signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    await pass(500);
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseConnectError);
    expect(signals[0]!.reason).toBe(crashes[0]);
  });

  it("counts redirects in", async () => {
    fakeTime();
    const one = await server(({ response, request }) => {
      if (request.url === "/events") response.writeHead(302, { location: "/there" }).end();
    });
    const { crashes, has } = supervised(one.url, { policy: "temporary", connectTimeout: 500 });
    await one.called(2);
    await pass(500);
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseConnectError);
    await one.deserted();
  });

  it("is over when the head is there", async () => {
    fakeTime();
    const one = await server(silent);
    const { has, connections, crashes } = supervised(one.url, { connectTimeout: 500 });
    await has(connections, 1);
    await pass(20_000);
    expect(crashes).toEqual([]);
  });
});

describe("SseActor's attempts", () => {
  it("crash with the cause when nobody listens", async () => {
    const one = await server(silent);
    await one[Symbol.asyncDispose]();
    const { has, crashes } = supervised(one.url);
    await has(crashes, 2);
    expect(crashes[0]).toBeInstanceOf(SseConnectError);
    expect(crashes[0]!.cause).toMatchObject({ code: "ECONNREFUSED" });
  });

  it.each([
    ["what is no HTTP", "SSH-2.0-OpenSSH_9\r\n"],
    [
      "an upgrade that nobody asked for",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ],
    ["an end", ""],
  ])("crash with a typed error when the answer is %s", async (_, answer) => {
    const one = await server(({ socket }) => void socket.end(answer));
    const { has, crashes } = supervised(one.url, { policy: "temporary" });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseConnectError);
    expect(crashes[0]!.cause).toBeInstanceOf(Error);
    await one.deserted();
  });

  it("go past informational answers", async () => {
    const one = await server(({ socket }) =>
      socket.write(
        "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n",
      ),
    );
    const { has, events } = supervised(one.url);
    await has(events, 1);
    expect(events[0]!.data).toBe("1");
  });

  it("have TCP look for a server that vanished, as a stream may be silent", async () => {
    const keepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
    onTestFinished(() => keepAlive.mockRestore());
    const { url } = await server(silent);
    const { has, connections } = supervised(url, { idleTimeout: false });
    await has(connections, 1);
    expect(keepAlive).toHaveBeenCalledWith(true, 30_000);
  });

  it.each([undefined, fetch])(
    "speak TLS to an https: URL, and say when the server does not, with fetch %s",
    async (own) => {
      const one = await server(silent);
      const url = one.url.replace("http:", "https:");
      const { has, crashes } = supervised(url, { policy: "temporary", fetch: own });
      await has(crashes, 1);
      expect(crashes[0]).toBeInstanceOf(SseConnectError);
      const why = "the server does not speak TLS at that port";
      expect(crashes[0]!.message).toBe(
        `Cannot connect to ${url}: ${own ? `fetch failed (${why})` : why}`,
      );
      const { cause } = crashes[0]!;
      expect(((own ? (cause as Error).cause : cause) as Error).message).toContain("SSL routines");
      expect(one.calls).toEqual([]);
    },
  );

  it("say to an http: URL that the server speaks TLS, or may", async () => {
    const one = await server(({ socket }) => void socket.destroy());
    const hung = supervised(one.url, { policy: "temporary" });
    await hung.has(hung.crashes, 1);
    expect(hung.crashes[0]!.message).toBe(
      `Cannot connect to ${one.url}: the server hung up without an answer, as one may that speaks TLS at that port`,
    );
    // An alert of TLS: it does not understand what came.
    one.script = ({ socket }) => void socket.end(Buffer.from("15030300020246", "hex"));
    const told = supervised(one.url, { policy: "temporary" });
    await told.has(told.crashes, 1);
    expect(told.crashes[0]!.message).toBe(
      `Cannot connect to ${one.url}: the server speaks TLS at that port`,
    );
    expect(told.crashes[0]!.cause).toMatchObject({ code: expect.stringMatching(/^HPE_/) });
  });

  it("leave nothing when they are stopped, wherever they are", async () => {
    const one = await server(silent);
    for (let turn = 0; turn < 12; turn++) {
      const { root } = supervised(one.url, { headers: async () => ({}) });
      await turns(turn);
      await root.stop();
    }
    await one.deserted();
    expect(process.getActiveResourcesInfo().filter((type) => type === "TCPConnectWrap")).toEqual(
      [],
    );
  });

  it("leave a secret out of messages and logs", async () => {
    const one = await server(inTurn(status(500), ending("data: 1\n\n")));
    const url = new URL(`${one.url}?token=secret#secret`);
    url.username = "user";
    url.password = "secret";
    const { has, crashes, logged } = supervised(url);
    await has(crashes, 2);
    expect(crashes[0]!.message).toContain(one.url);
    const messages = crashes.map(({ message }) => message);
    expect(JSON.stringify([messages, logged.map(([, { url }]) => url)])).not.toContain("secret");
    expect(() => new SseActor("stream", "http://user:secret@[")).toThrow('got "http://…@["');
  });
});

describe("SseActor's request", () => {
  it("asks a `headers` function in each life", async () => {
    let count = 0;
    const one = await server(ending(""));
    const { has, crashes } = supervised(one.url, {
      headers: async () => new Headers({ Authorization: `Bearer ${++count}` }),
    });
    await has(crashes, 3);
    expect(one.sent("authorization").slice(0, 3)).toEqual(["Bearer 1", "Bearer 2", "Bearer 3"]);
  });

  it.each<[string, () => never | Promise<never>]>([
    [
      "throws",
      () => {
        throw new Error("no token");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no token"))],
    ["rejects with no error", () => Promise.reject("no token")],
  ])("crashes when the `headers` function %s", async (_, headers) => {
    const { has, crashes, errors } = supervised("http://127.0.0.1:9/x", { headers });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseRequestError);
    expect(crashes[0]).toMatchObject({
      message: "Cannot connect to http://127.0.0.1:9/x: `headers` failed: no token",
      code: "SSE_REQUEST",
      retryable: true,
    });
    expect(errors[0]).toBe(crashes[0]);
  });

  it.each([
    ["a line break", { "x-a": "1\r\nx-b: 2" }, RangeError],
    ["what cannot be set", { "Last-Event-ID": "1" }, RangeError],
    ["no headers", "x-a: 1", TypeError],
    ["nothing", undefined, TypeError],
  ])("sends nothing when the `headers` function gives %s", async (_, headers, type) => {
    const one = await server(silent);
    const { has, crashes } = supervised(one.url, { headers: () => headers as never });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseRequestError);
    expect(crashes[0]).toMatchObject({ retryable: false });
    expect(crashes[0]!.cause).toBeInstanceOf(type);
    expect(one.calls).toEqual([]);
  });

  it("has the headers that were given over those that it has anyway", async () => {
    const one = await server(silent);
    const { has, connections } = supervised(one.url, {
      headers: [
        ["ACCEPT", "text/event-stream, application/json"],
        ["x-o", "ä"],
      ],
    });
    await has(connections, 1);
    expect([one.sent("accept")[0], one.sent("x-o")[0]]).toEqual([
      "text/event-stream, application/json",
      "ä",
    ]);
  });

  it("sends the user name and password of the URL", async () => {
    const one = await server(silent);
    const url = one.url.replace("//", "//us%3Aer:p%40ss%zz@");
    const { has, connections } = supervised(url);
    await has(connections, 1);
    const credentials = Buffer.from("us:er:p@ss%zz").toString("base64");
    expect(one.sent("authorization")).toEqual([`Basic ${credentials}`]);
    expect(connections[0]!.url).toBe(one.url);
  });

  it.each([
    ["text", { body: "{…}" }, "POST"],
    ["bytes", { body: new TextEncoder().encode("{…}"), method: "put" }, "PUT"],
    ["text with a method that seldom has a body", { body: "{…}", method: "DELETE" }, "DELETE"],
    ["text with a method of one's own", { body: "{…}", method: "QUERY" }, "QUERY"],
  ])("sends a body in each life: %s", async (_, options, method) => {
    const one = await server(ending(""));
    const { has, crashes } = supervised(one.url, options);
    await has(crashes, 2);
    for (const { request, body } of one.calls.slice(0, 2)) {
      expect([request.method, body, request.headers["content-length"]]).toEqual([
        method,
        "{…}",
        "5",
      ]);
    }
  });

  it("keeps a copy of a body's bytes", async () => {
    const one = await server(silent);
    const body = new TextEncoder().encode("before");
    const actor = supervised(one.url, { body });
    body.fill(0);
    await actor.has(actor.connections, 1);
    expect(one.calls[0]!.body).toBe("before");
  });

  it("has no body and no cookies of its own", async () => {
    const one = await server(({ stream, response }) => {
      stream("", { "set-cookie": "a=b" });
      response.end();
    });
    const { has, crashes } = supervised(one.url);
    await has(crashes, 2);
    const { method, headers } = one.calls[1]!.request;
    expect([method, headers.cookie, headers["content-length"]]).toEqual([
      "GET",
      undefined,
      undefined,
    ]);
  });
});

describe("SseActor's redirects", () => {
  const secrets = {
    authorization: "Bearer x",
    cookie: "a=b",
    "x-api-key": "k",
    "proxy-authorization": "y",
  };

  it("take credentials along to the same origin, and to no other", async () => {
    const other = await server(({ request, response }) => {
      if (request.url === "/events")
        response.writeHead(302, { location: `${first.url}?back` }).end();
    });
    const first = await server(({ request, response, stream }) => {
      if (request.url === "/events") response.writeHead(302, { location: "/again" }).end();
      else if (request.url === "/again") response.writeHead(302, { location: other.url }).end();
      else stream();
    });
    const { has, connections } = supervised(first.url, {
      headers: { ...secrets, "accept-language": "de", "user-agent": "gateway" },
      lastEventId: "7",
    });
    await has(connections, 1);
    const calls = [...first.calls.slice(0, 2), ...other.calls, ...first.calls.slice(2)];
    expect(calls.map(({ request }) => request.url)).toEqual([
      "/events",
      "/again",
      "/events",
      "/events?back",
    ]);
    const sent = calls.map(({ request }) =>
      Object.keys(secrets).filter((name) => name in request.headers),
    );
    expect(sent).toEqual([Object.keys(secrets), Object.keys(secrets), [], []]);
    for (const { request } of calls) {
      expect(request.headers).toMatchObject({
        "accept-language": "de",
        "user-agent": "gateway",
        "last-event-id": "7",
        accept: "text/event-stream",
      });
    }
  });

  it("leave nothing of a response that does not end", async () => {
    const other = await server(silent);
    const first = await server(({ response }) =>
      response.writeHead(302, { location: other.url }).write("moved, and "),
    );
    const { has, connections } = supervised(first.url);
    await has(connections, 1);
    await first.deserted();
    expect(other.sockets.size).toBe(1);
  });

  it("keep the user name and password of a URL at home, those of a Location unread", async () => {
    const other = await server(silent);
    const target = other.url.replace("//", "//c:d@");
    const first = await server(({ response }) =>
      response.writeHead(307, { location: target }).end(),
    );
    const { has, connections } = supervised(first.url.replace("//", "//a:b@"));
    await has(connections, 1);
    expect([first.sent("authorization")[0], other.sent("authorization")[0]]).toEqual([
      `Basic ${btoa("a:b")}`,
      undefined,
    ]);
    expect(connections[0]!.url).toBe(other.url);
  });

  it.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [301, "PUT", "PUT", "{}"],
    [307, "POST", "POST", "{}"],
    [308, "POST", "POST", "{}"],
  ])("of %i make of %s with a body %s", async (code, method, then, body) => {
    const one = await server(({ request, response, stream }) => {
      if (request.url === "/there") stream();
      else response.writeHead(code, { location: "/there" }).end();
    });
    const headers = { "content-type": "application/json", authorization: "x" };
    const { has, connections } = supervised(one.url, { method, body: "{}", headers });
    await has(connections, 1);
    const { request, body: came } = one.calls[1]!;
    expect([
      request.method,
      came,
      request.headers["content-type"],
      request.headers.authorization,
    ]).toEqual([then, body, body === "" ? undefined : "application/json", "x"]);
  });

  it("end, when they go round", async () => {
    const one = await server(({ response }) =>
      response.writeHead(302, { location: "/events" }).end(),
    );
    const { has, crashes } = supervised(one.url, { policy: "temporary" });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseResponseError);
    expect(crashes[0]!.message).toBe(
      `Cannot open the stream: ${one.url} redirects more than 20 times`,
    );
    expect(one.calls).toHaveLength(21);
    await one.deserted();
  });

  it.each([
    ["ftp://127.0.0.1/", "a ftp: URL"],
    ["http://[", "what is no URL"],
  ])("to %s are not followed", async (location, what) => {
    const one = await server(({ response }) => response.writeHead(302, { location }).end());
    const { has, crashes } = supervised(one.url, { policy: "temporary" });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseResponseError);
    expect(crashes[0]!.message).toContain(`redirects to ${what}, which cannot be followed`);
  });

  it("without a Location are statuses like any other", async () => {
    const one = await server(status(302));
    const { has, crashes } = supervised(one.url, { policy: "temporary" });
    await has(crashes, 1);
    expect(crashes[0]).toMatchObject({ code: "SSE_STATUS", status: 302 });
  });

  it("are gone with the life: the next one begins at the URL again", async () => {
    const one = await server(({ request, response, stream }) => {
      if (request.url === "/events") response.writeHead(301, { location: "/there" }).end();
      else {
        stream();
        response.end();
      }
    });
    const { has, crashes } = supervised(one.url);
    await has(crashes, 2);
    expect(one.calls.slice(0, 4).map(({ request }) => request.url)).toEqual([
      "/events",
      "/there",
      "/events",
      "/there",
    ]);
  });
});

describe("SseActor's maxEventSize", () => {
  it("cuts off a flood of one event, after the events before it, and keeps the memory bounded", async () => {
    const chunk = Buffer.alloc(65_536, "x");
    const one = await server(({ stream, response, socket }) => {
      stream("id: 1\ndata: before\n\ndata: ");
      const flood = () => {
        while (!socket.destroyed && response.write(chunk));
        response.once("drain", flood);
      };
      flood();
    });
    const { has, crashes, events, stream } = supervised(one.url, { policy: "temporary" });
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await has(crashes, 1);
    globalThis.gc?.();
    expect(crashes[0]).toBeInstanceOf(SseEventTooLargeError);
    expect(crashes[0]).toMatchObject({
      message: `Lost the stream of ${one.url}: an event has more than 1048576 bytes`,
      code: "SSE_EVENT_TOO_LARGE",
      retryable: false,
    });
    expect([events.length, stream.lastEventId]).toEqual([1, "1"]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 << 20);
    await one.deserted();
  });

  it("lets a heartbeat of comments go on for ever", async () => {
    const one = await server(({ stream, send }) => {
      stream();
      for (let count = 0; count < 40; count++) send(": still here\n".repeat(1_000));
      send("data: 1\n\n");
    });
    const { has, events } = supervised(one.url, { maxEventSize: 64 });
    await has(events, 1);
    expect(events[0]!.data).toBe("1");
  });
});
