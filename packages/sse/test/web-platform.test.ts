import { describe, expect, it } from "vitest";
import { SseActor, SseClosedError, SseResponseError, SseStatusError } from "../src/index.ts";
import { fakeTime, pass, turns } from "./fake-time.ts";
import { ending, inTurn, status, type StreamScript } from "./servers/event-server.ts";
import { server, supervised } from "./supervised.ts";

/** As `resources/message.py`: a message, and two line ends more. The actor has seen all of it when it crashes. */
async function readMessage(text: string, headers: Record<string, string> = {}) {
  const { url } = await server(({ stream, response }) => {
    stream(`${text}\n\n`, headers);
    response.end();
  });
  const watched = supervised(url, { policy: "temporary" });
  await watched.has(watched.crashes, 1);
  const { events, crashes } = watched;
  return { events, data: events.map((event) => event.data), crash: crashes[0] };
}

/** As `resources/last-event-id.py`: an id for who brings none, else what was brought. */
const echoesId =
  (id: string): StreamScript =>
  ({ request, stream, response }) => {
    const last = request.headers["last-event-id"] as string | undefined;
    stream(
      last === undefined
        ? `id: ${id}\nretry: 200\ndata: hello\n\n`
        : `data: ${Buffer.from(last, "latin1").toString()}\n\n`,
    );
    response.end();
  };

/** Whether the second life waits exactly that long after a stream that said this. */
async function waits(text: string, expected: number): Promise<boolean> {
  fakeTime();
  const one = await server(inTurn(ending(text), status(204)));
  const { has, crashes } = supervised(one.url, { retry: { min: 0 } });
  await has(crashes, 1);
  await pass(expected - 1);
  const isEarly = one.calls.length > 1;
  await pass(1);
  await one.called(2);
  return !isEarly;
}

describe("SseActor, by the tests of the web platform", () => {
  it("event-data", async () => {
    const { events } = await readMessage(
      ":\n\ndata:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end",
    );
    expect(events).toEqual([
      { id: "", name: "message", data: "msg\nmsg" },
      { id: "", name: "message", data: "" },
      { id: "", name: "message", data: "end" },
    ]);
  });

  it("eventsource-close: ends that are none of the server's wish reconnect, 204 is the end", async () => {
    const { url, calls } = await server(inTurn(ending("data: 1\n\n"), ending(""), status(204)));
    const { recorder, crashes, root } = supervised(url);
    await root.wait();
    expect(recorder.lines).toEqual([
      "registered stream",
      "started stream",
      "ready stream",
      `stopped stream: ${crashes[0]!.message}`,
      `restarting stream: ${crashes[0]!.message}`,
      "started stream",
      "ready stream",
      `stopped stream: ${crashes[1]!.message}`,
      `restarting stream: ${crashes[1]!.message}`,
      "started stream",
      "stopped stream",
    ]);
    expect(crashes.every((error) => error instanceof SseClosedError)).toBe(true);
    expect(calls).toHaveLength(3);
  });

  it("eventsource-reconnect: goes on after a stream that was complete, and honours retry:2", async () => {
    const { url } = await server(
      inTurn(ending("retry: 2\ndata: opened\n\n"), ending("data: reconnected\n\n"), status(204)),
    );
    const { events, root } = supervised(url, { retry: { min: 0 } });
    await root.wait();
    expect(events.map(({ data }) => data)).toEqual(["opened", "reconnected"]);
  });

  it("eventsource-request-cancellation: a stop while the request is pending leaves nothing", async () => {
    const pending = await server(() => {});
    const { root, connections, crashes, errors } = supervised(pending.url);
    await pending.called(1);
    await root.stop();
    await pending.deserted();
    await turns(30);
    expect([connections, crashes, errors, pending.calls.length]).toEqual([[], [], [], 1]);
  });

  it("eventsource-constructor-url-bogus", () => {
    expect(() => new SseActor("stream", "http://this is invalid/")).toThrow(
      'Cannot create SSE actor "stream": `url` must be an http: or https: URL, got "http://this is invalid/"',
    );
  });

  it.each([
    "ftp://localhost/",
    "about:blank",
    "mailto:whatwg@awesome.example",
    "javascript:alert('FAIL')",
  ])("eventsource-constructor-non-same-origin: %s", (url) => {
    expect(() => new SseActor("stream", url)).toThrow(RangeError);
  });

  it("eventsource-constructor-stringify, eventsource-url: a URL object, and the resolved URL", async () => {
    const { url, port } = await server(ending("data: 1\n\n"));
    const { has, connections } = supervised(new URL("../../events?x=1#y", `${url}/a/`));
    await has(connections, 1);
    expect(connections[0]!.url).toBe(`http://127.0.0.1:${port}/events?x=1`);
  });

  it("eventsource-cross-origin-preflight: an id of any characters comes back byte for byte", async () => {
    const id = `${"x".repeat(3_000)} …\u{1F600}ÿ:;"`;
    const { url } = await server(echoesId(id));
    const { has, events } = supervised(url);
    await has(events, 2);
    expect(events[1]).toEqual({ id, name: "message", data: id });
  });

  it("format-bom", async () => {
    const { data } = await readMessage("\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3");
    expect(data).toEqual(["1", "3"]);
  });

  it("format-bom-2", async () => {
    const { data } = await readMessage("\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3");
    expect(data).toEqual(["2", "3"]);
  });

  it("format-comments", async () => {
    const long = "x".repeat(2_048);
    const { data } = await readMessage(
      `data:1\r:\0\n:\r\ndata:2\n:${long}\rdata:3\n:data:fail\r:${long}\ndata:4`,
    );
    expect(data).toEqual(["1\n2\n3\n4"]);
  });

  it("format-data-before-final-empty-line: an unfinished block is discarded, its id too", async () => {
    const once = await server(
      inTurn(ending("retry:1\ndata:test1\n\nid:test\ndata:test2"), status(204)),
    );
    const { root, events, stream } = supervised(once.url);
    await root.wait();
    expect(events).toEqual([{ id: "", name: "message", data: "test1" }]);
    expect(once.sent("last-event-id")).toEqual([undefined, undefined]);
    expect(stream.lastEventId).toBe("");
  });

  it("format-field-data", async () => {
    const { data } = await readMessage("data:\n\ndata\ndata\n\ndata:test");
    expect(data).toEqual(["", "\n", "test"]);
  });

  it("format-field-event, format-field-event-empty", async () => {
    const { events } = await readMessage("event:test\ndata:1\n\ndata:2\n\nevent: \ndata:3");
    expect(events.map(({ name }) => name)).toEqual(["test", "message", "message"]);
  });

  it("format-field-id, format-field-id-2: an id is sent back, and stays over two reconnects", async () => {
    const echo = await server(echoesId("…"));
    const { has, events } = supervised(echo.url);
    await has(events, 3);
    expect(events.map(({ id, data }) => [id, data])).toEqual([
      ["…", "hello"],
      ["…", "…"],
      ["…", "…"],
    ]);
    expect(echo.sent("last-event-id").slice(0, 3)).toEqual([
      undefined,
      "\u00e2\u0080\u00a6",
      "\u00e2\u0080\u00a6",
    ]);
  });

  it("format-field-id-3", async () => {
    const { events } = await readMessage(
      "id: 1\ndata:a\n\ndata:b\n\nid:\ndata:c\n\nid: 2\ndata:d\n\nid\ndata:e",
    );
    expect(events.map(({ id }) => id)).toEqual(["1", "1", "", "2", ""]);
  });

  it.each(["\0", "x\0", "\0x", "x\0x", " \0"])("format-field-id-null: %j", async (id) => {
    const echo = await server(
      inTurn(ending(`id: kept\n\nid:${id}\nretry:1\ndata:hello\n\n`), status(204)),
    );
    const { root, events } = supervised(echo.url);
    await root.wait();
    expect(events[0]!.id).toBe("kept");
    expect(echo.sent("last-event-id")).toEqual([undefined, "kept"]);
  });

  it("format-field-parsing", async () => {
    const { data } = await readMessage(
      "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n",
    );
    expect(data).toEqual(["\0\n 2\n1\n3\n\n4"]);
  });

  it.each([
    ["format-field-retry: it is decimal", "retry:03000\ndata:x\n\n", 3_000],
    [
      "format-field-retry-bogus: what is no number changes nothing",
      "retry:3000\nretry:1000x\n\n",
      3_000,
    ],
    ["format-field-retry-bogus: nor before", "retry:1000x\nretry:3000\n\n", 3_000],
    ["format-field-retry-bogus-2", "retry:3000\nretry:1000x\ndata:x\n\n", 3_000],
    ["format-field-retry-empty", "retry:3000\nretry\nretry:\ndata:test\n\n", 3_000],
  ])("%s", async (_, text, expected) => {
    expect(await waits(text, expected)).toBe(true);
  });

  it("format-field-unknown", async () => {
    const { data } = await readMessage(
      "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test",
    );
    expect(data).toEqual(["test\n\ntest"]);
  });

  it("format-leading-space", async () => {
    const { data } = await readMessage("data:\ttest\rdata: \ndata:test");
    expect(data).toEqual(["\ttest\n\ntest"]);
  });

  it.each(["x bogus", "text/x-bogus", "text/event-streamx", "text/event-stream, x", ""])(
    "format-mime-bogus, format-mime-valid-bogus: %j",
    async (type) => {
      const { events, crash } = await readMessage("data: data", { "content-type": type });
      expect(events).toEqual([]);
      expect(crash).toBeInstanceOf(SseResponseError);
      expect(crash).toMatchObject({ code: "SSE_RESPONSE", retryable: false });
    },
  );

  it.each(["text/event-stream;", "text/event-stream;charset=x", " Text/Event-Stream ; a=b"])(
    "format-mime-trailing-semicolon: %j",
    async (type) => {
      expect((await readMessage("data: data", { "content-type": type })).data).toEqual(["data"]);
    },
  );

  it("format-newlines", async () => {
    const { data } = await readMessage("data:test\r\ndata\ndata:test\r\n\r");
    expect(data).toEqual(["test\n\ntest"]);
  });

  it("format-null-character", async () => {
    expect((await readMessage("data:\0\n\n\n\n")).data).toEqual(["\0"]);
  });

  it("format-utf-8: a charset is ignored", async () => {
    const type = "text/event-stream;charset=windows-1252";
    expect((await readMessage("data:ok…", { "content-type": type })).data).toEqual(["ok…"]);
  });

  it("request-accept, request-cache-control: also to another origin", async () => {
    const other = await server(ending(""));
    const first = await server(({ response }) =>
      response.writeHead(307, { location: other.url }).end(),
    );
    const { has, connections } = supervised(first.url);
    await has(connections, 1);
    for (const one of [first, other]) {
      expect([
        one.sent("accept")[0],
        one.sent("cache-control")[0],
        one.sent("accept-encoding")[0],
      ]).toEqual(["text/event-stream", "no-cache", "identity"]);
    }
  });

  it.each([301, 302, 303, 307, 308])("request-redirect: %i", async (code) => {
    const { url } = await server(({ request, response, stream }) => {
      if (request.url === "/there") stream("data: there\n\n");
      else response.writeHead(code, { location: "/there" }).end();
    });
    const { has, events, connections } = supervised(url);
    await has(events, 1);
    expect(connections[0]!.url).toBe(new URL("/there", url).href);
  });

  it.each([205, 210, 299, 304, 404, 410, 503])("request-status-error: %i", async (code) => {
    const { url } = await server(({ response }) =>
      response
        .writeHead(code, { "content-type": "text/event-stream" })
        .end(code === 205 || code === 304 ? undefined : "data: data\n\n"),
    );
    const { has, crashes, events, connections } = supervised(url, { policy: "temporary" });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseStatusError);
    expect(crashes[0]).toMatchObject({ code: "SSE_STATUS", status: code, retryable: code === 503 });
    expect([events, connections]).toEqual([[], []]);
  });

  it.each(["permanent", "transient"] as const)(
    "request-status-error: 204, whatever the policy: %s",
    async (policy) => {
      const { url, calls } = await server(status(204));
      const { root, crashes, errors, recorder } = supervised(url, { policy });
      await root.wait();
      expect([crashes, errors, calls.length]).toEqual([[], [], 1]);
      expect(recorder.lines.at(-1)).toBe("stopped stream");
    },
  );
});
