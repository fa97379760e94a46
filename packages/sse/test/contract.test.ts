import { adapterContract } from "@sup/core/testing";
import { describe, it } from "vitest";
import { SseActor } from "../src/index.ts";
import { EventServer, silent } from "./servers/event-server.ts";

const connectTimeout = 100;
const url = "http://127.0.0.1:9/events";

function create(options: Record<string, unknown>, target: unknown = url): SseActor {
  return new SseActor("stream", target as string, options);
}

const invalid: Record<string, Record<string, unknown>> = {
  "headers that are none": { headers: "authorization: x" },
  "a header with a line break": { headers: { "x-key": "a\r\nb: c" } },
  "a header with a NUL": { headers: { "x-key": "a\0" } },
  "a header past Latin-1": { headers: { "x-key": "€" } },
  "a header that is no string": { headers: { "x-key": 7 } },
  "a header without a value": { headers: { "x-key": undefined } },
  "a header without a name": { headers: { "": "x" } },
  "a header name with a space": { headers: { "x key": "x" } },
  "a header name with a line break": { headers: [["x\n", "x"]] },
  "headers that are no pairs": { headers: ["x"] },
  "an own Last-Event-ID": { headers: { "Last-Event-ID": "7" } },
  "an own Accept-Encoding": { headers: { "Accept-Encoding": "gzip" } },
  "an own Content-Length": { headers: { "content-length": "7" } },
  "a Connection header": { headers: { connection: "close" } },
  "a method that is none": { method: "GE T" },
  "an empty method": { method: "" },
  "a method that is no string": { method: 7 },
  "HEAD, which has no stream": { method: "HEAD" },
  "CONNECT, which has no stream": { method: "connect" },
  "a body with GET": { method: "get", body: "x" },
  "a body that is no body": { body: {} },
  "a last event id that is no string": { lastEventId: 7 },
  "an idleTimeout of 0": { idleTimeout: 0 },
  "an idleTimeout that is true": { idleTimeout: true },
  "an endless idleTimeout": { idleTimeout: Infinity },
  "a connectTimeout of 0": { connectTimeout: 0 },
  "a negative connectTimeout": { connectTimeout: -1 },
  "a connectTimeout that no timer keeps": { connectTimeout: 2_147_483_648 },
  "no connectTimeout": { connectTimeout: false },
  "a maxEventSize of 0": { maxEventSize: 0 },
  "half a maxEventSize": { maxEventSize: 0.5 },
  "an endless maxEventSize": { maxEventSize: Infinity },
  "a retryOn that is no list": { retryOn: 503 },
  "a retryOn of 200": { retryOn: [200] },
  "a retryOn of a redirect": { retryOn: [302] },
  "a stopOn of text": { stopOn: ["204"] },
  "a stopOn past the last status": { stopOn: [600] },
  "a status in both lists": { retryOn: [503], stopOn: [204, 503] },
  "retry as a number": { retry: 100 },
  "a negative retry.min": { retry: { min: -1 } },
  "a retry.max below retry.min": { retry: { min: 100, max: 99 } },
  "a retry.max that no timer keeps": { retry: { max: 2_147_483_648 } },
  "a fetch that is no function": { fetch: {} },
  "an onConnect that is no function": { onConnect: true },
  "an onEvent that is no function": { onEvent: {} },
  "an onError that is no function": { onError: "log" },
};

const invalidUrls: Record<string, unknown> = {
  "no URL": undefined,
  "a URL that is none": "http://this is invalid/",
  "a relative URL": "/events",
  "an empty URL": "",
  "an ftp: URL": "ftp://127.0.0.1/events",
  "an about: URL": "about:blank",
  "a mailto: URL": "mailto:whatwg@awesome.example",
  "a javascript: URL": new URL("javascript:alert('FAIL')"),
  "a ws: URL": "ws://127.0.0.1/",
};

/** How much of that the process waits for. */
function active(resource: string): number {
  return process.getActiveResourcesInfo().filter((type) => type === resource).length;
}

const contract = adapterContract<SseActor, EventServer>({
  start: () => EventServer.start(silent),
  create: (server, hook) =>
    create(hook ? { onConnect: hook, onEvent: hook, onError: hook } : {}, server.url),
  createUnanswered: (server) => {
    server.script = () => {};
    return create({ connectTimeout }, server.url);
  },
  connectTimeout,
  disconnect: (server) => server.disconnect(),
  refuse: (server) => server[Symbol.asyncDispose](),
  accept: (server) => server.listen(),
  resources: (server) => ({
    "sockets of the server": server.sockets.size,
    sockets: active("TCPSocketWrap"),
    attempts: active("TCPConnectWrap"),
    timers: active("Timeout"),
  }),
  invalid: {
    ...Object.fromEntries(
      Object.entries(invalid).map(([what, options]) => [what, () => create(options)]),
    ),
    ...Object.fromEntries(
      Object.entries(invalidUrls).map(([what, target]) => [
        what,
        () => new SseActor("stream", target as string),
      ]),
    ),
    "two credentials": () => create({ headers: { Authorization: "x" } }, "http://a:b@127.0.0.1/"),
    "no name": () => new SseActor("", url),
    "a name that is no string": () => new SseActor(7 as never, url),
    "options that are none": () => new SseActor("stream", url, 7 as never),
  },
});

describe("SseActor, as every adapter", () => {
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract has titles and checks of its own
  for (const { name, run } of contract) it(name, run, 120_000);
});
