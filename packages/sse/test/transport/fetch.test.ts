import { describe, expect, it } from "vitest";
import {
  SseClosedError,
  SseConnectError,
  type SseFetch,
  type SseFetchRequest,
} from "../../src/index.ts";
import { turns } from "../fake-time.ts";
import { ending, inTurn, status } from "../servers/event-server.ts";
import { server, supervised } from "../supervised.ts";

/** A response whose body a test feeds by hand. */
function scripted(head: { status?: number; type?: string } = {}) {
  const { status = 200, type = "text/event-stream" } = head;
  const cancelled: unknown[] = [];
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: (reason) => void cancelled.push(reason ?? "cancelled"),
  });
  const response = new Response(body, { status, headers: { "content-type": type } });
  return { response, controller, cancelled };
}

describe("SseActor with a fetch of its own", () => {
  it("reads streams by the built-in one, over lives, with method, headers, body and id", async () => {
    const one = await server(
      inTurn(ending("id: …\ndata: 1\n\n"), ending("data: 2\n\n"), status(204)),
    );
    const { root, events, crashes, connections } = supervised(one.url, {
      fetch,
      method: "POST",
      headers: { "x-a": "b" },
      body: new TextEncoder().encode("{}"),
    });
    await root.wait();
    expect(events.map(({ id, data }) => [id, data])).toEqual([
      ["…", "1"],
      ["…", "2"],
    ]);
    expect(crashes.map((error) => error.constructor)).toEqual([SseClosedError, SseClosedError]);
    expect(one.sent("last-event-id")).toEqual([
      undefined,
      "\u00e2\u0080\u00a6",
      "\u00e2\u0080\u00a6",
    ]);
    expect(one.calls.map(({ request, body }) => [request.method, body])).toEqual(
      [1, 2, 3].map(() => ["POST", "{}"]),
    );
    expect([one.sent("x-a")[0], one.sent("accept-encoding")[0]]).toEqual(["b", "identity"]);
    expect(connections[0]!.url).toBe(one.url);
  });

  it("follows redirects itself, and keeps credentials at home", async () => {
    const other = await server(({ stream }) => stream());
    const first = await server(({ response }) =>
      response.writeHead(307, { location: other.url }).end(),
    );
    const { has, connections } = supervised(first.url, { fetch, headers: { "x-api-key": "k" } });
    await has(connections, 1);
    expect([first.sent("x-api-key")[0], other.sent("x-api-key")[0]]).toEqual(["k", undefined]);
    expect(connections[0]!.url).toBe(other.url);
  });

  it("goes on from where the fetch has followed redirects to, without credentials", async () => {
    const { response } = scripted();
    const asked: [string, string | undefined][] = [];
    const { has, connections } = supervised("http://127.0.0.1:9/events", {
      headers: { "x-api-key": "k" },
      fetch: async (url, { headers }) => {
        asked.push([url, headers["x-api-key"]]);
        if (asked.length === 2) return response;
        const elsewhere = new Response(null, { status: 302, headers: { location: "there" } });
        return Object.defineProperty(elsewhere, "url", { value: "http://127.0.0.1:8/a/b" });
      },
    });
    await has(connections, 1);
    expect(asked).toEqual([
      ["http://127.0.0.1:9/events", "k"],
      ["http://127.0.0.1:8/a/there", undefined],
    ]);
  });

  it("says where the stream comes from when the fetch has followed redirects", async () => {
    const other = await server(({ stream }) => stream());
    const { has, connections } = supervised("http://127.0.0.1:9/", {
      fetch: (_, request) => fetch(other.url, request),
    });
    await has(connections, 1);
    expect(connections[0]!.url).toBe(other.url);
  });

  it("crashes with the cause when it rejects", async () => {
    const cause = new TypeError("fetch failed", { cause: new Error("no route") });
    const { has, crashes } = supervised("http://127.0.0.1:9/", {
      fetch: () => Promise.reject(cause),
      policy: "temporary",
    });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseConnectError);
    expect(crashes[0]).toMatchObject({
      message: "Cannot connect to http://127.0.0.1:9/: fetch failed (no route)",
      cause,
    });
  });

  it.each([
    [
      "only a code",
      Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }),
      "ECONNREFUSED",
    ],
    ["no error at all", "out of order", "out of order"],
  ])("says why when it rejects with %s", async (_, cause, why) => {
    const { has, crashes } = supervised("http://127.0.0.1:9/", {
      fetch: () => Promise.reject(cause),
      policy: "temporary",
    });
    await has(crashes, 1);
    expect(crashes[0]!.message).toBe(`Cannot connect to http://127.0.0.1:9/: ${why}`);
    expect(crashes[0]!.cause).toBe(cause);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["text", "200 OK"],
    ["a status that is text", { status: "200", headers: new Headers(), body: null }],
    ["no headers", { status: 200, body: null }],
    ["a body that cannot be read", { status: 200, headers: new Headers(), body: {} }],
  ])("crashes typed when it resolves to %s", async (_, given) => {
    const { has, crashes } = supervised("http://example.com/", {
      policy: "temporary",
      fetch: async () => given as Response,
    });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseConnectError);
    expect(crashes[0]!.message).toBe(
      "Cannot connect to http://example.com/: `fetch` must resolve to a response, with a status, headers and a body",
    );
    expect(crashes[0]!.cause).toBeInstanceOf(TypeError);
  });

  it("crashes with the refusal though the body throws when it is cancelled", async () => {
    const body = {
      getReader: () => ({ read: async () => ({ done: true }), cancel: async () => {} }),
      cancel(): Promise<void> {
        throw new Error("cannot be cancelled");
      },
    };
    const { has, crashes } = supervised("http://example.com/", {
      policy: "temporary",
      fetch: async () => ({ status: 500, headers: new Headers(), body }),
    });
    await has(crashes, 1);
    expect(crashes[0]).toMatchObject({ code: "SSE_STATUS", status: 500 });
  });

  it("gives up one that ignores its signal, and cancels the response that comes too late", async () => {
    const late = scripted();
    const answer = Promise.withResolvers<Response>();
    const asked: SseFetchRequest[] = [];
    const slow: SseFetch = (_, request) => {
      asked.push(request);
      return answer.promise;
    };
    const { has, crashes } = supervised("http://127.0.0.1:9/", {
      fetch: slow,
      connectTimeout: 20,
      policy: "temporary",
    });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseConnectError);
    expect(asked[0]!.signal.reason).toBe(crashes[0]);
    answer.resolve(late.response);
    await turns(3);
    expect(late.cancelled).toHaveLength(1);
  });

  it("cancels the body when the actor is stopped", async () => {
    const { response, cancelled } = scripted();
    const { root, has, connections } = supervised("http://127.0.0.1:9/", {
      fetch: async () => response,
    });
    await has(connections, 1);
    await root.stop();
    expect(cancelled).toHaveLength(1);
  });

  it("cancels the body of a refusal", async () => {
    const { response, cancelled } = scripted({ type: "text/html" });
    const { has, crashes } = supervised("http://127.0.0.1:9/", {
      fetch: async () => response,
      policy: "temporary",
    });
    await has(crashes, 1);
    expect(cancelled).toHaveLength(1);
  });

  it("stops though the body never ends its cancelling", async () => {
    const body = new ReadableStream<Uint8Array>({ cancel: () => new Promise(() => {}) });
    const headers = { "content-type": "text/event-stream" };
    const { root, has, connections } = supervised("http://127.0.0.1:9/", {
      fetch: async () => new Response(body, { headers }),
    });
    await has(connections, 1);
    await root.stop();
    expect(root.children[0]!.status).toBe("stopped");
  });

  it("reads no further when it is stopped, though the body goes on when it is cancelled", async () => {
    let reads = 0;
    const read = async () => {
      reads++;
      await turns(1);
      return { done: false, value: new TextEncoder().encode(": still here\n") };
    };
    const body = { getReader: () => ({ read, cancel: async () => {} }), cancel: async () => {} };
    const headers = new Headers({ "content-type": "text/event-stream" });
    const { root, has, connections } = supervised("http://sse.test/", {
      fetch: async () => ({ status: 200, headers, body }),
    });
    await has(connections, 1);
    await root.stop();
    await turns(5);
    const until = reads;
    await turns(20);
    expect(reads).toBe(until);
  });

  it("crashes with the cause when the body fails", async () => {
    const { response, controller } = scripted();
    const { has, events, crashes } = supervised("http://127.0.0.1:9/", {
      fetch: async () => response,
      policy: "temporary",
    });
    controller.enqueue(new TextEncoder().encode("data: 1\n\n"));
    await has(events, 1);
    const cause = new Error("broken");
    controller.error(cause);
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseClosedError);
    expect(crashes[0]).toMatchObject({
      message: "Lost the stream of http://127.0.0.1:9/: broken",
      cause,
    });
  });

  it("takes a response without a body for a stream that has ended", async () => {
    const { has, crashes } = supervised("http://127.0.0.1:9/", {
      fetch: async () => new Response(null, { headers: { "content-type": "text/event-stream" } }),
      policy: "temporary",
    });
    await has(crashes, 1);
    expect(crashes[0]).toBeInstanceOf(SseClosedError);
  });
});
