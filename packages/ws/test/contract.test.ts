import { adapterContract } from "@sup/core/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { WebSocketActor, type WebSocketActorOptions } from "../src/index.ts";
import { blackHole } from "../../../scripts/test/servers/black-hole.ts";
import { RawServer } from "./servers/raw-server.ts";

const connectTimeout = 100;

const anywhere = "ws://127.0.0.1:9/";

function create(url: string | URL, options: object = {}): WebSocketActor {
  const rest = options as WebSocketActorOptions;
  return new WebSocketActor("feed", url, { closeTimeout: 200, ...rest });
}

const invalidUrls: Record<string, unknown> = {
  "no URL": undefined,
  "an empty URL": "",
  "a URL that is none": "example.com:80",
  "a URL without a host": "ws://",
  "a URL of another scheme": "http://example.com/",
  "a URL of a file": new URL("file:///etc/hosts"),
  "a URL with a fragment": "ws://example.com/#top",
  "a number as URL": 8_080,
};

const invalid: Record<string, Record<string, unknown>> = {
  "an empty subprotocol": { protocols: "" },
  "a subprotocol with a space": { protocols: ["a b"] },
  "a subprotocol twice": { protocols: ["a", "a"] },
  "a number as subprotocol": { protocols: 7 },
  "headers in an array": { headers: [["a", "b"]] },
  "headers as text": { headers: "Authorization: x" },
  "a header with a line break": { headers: { authorization: "Bearer a\r\nX-Evil: 1" } },
  "a header with a line feed": { headers: { cookie: "a=1\nb=2" } },
  "a header whose name is no token": { headers: { "bad name": "x" } },
  "a header without a value": { headers: { authorization: undefined } },
  "a header that the handshake sets": { headers: { "Sec-WebSocket-Key": "AAAA" } },
  "another Connection": { headers: { connection: "close" } },
  "a connectTimeout of 0": { connectTimeout: 0 },
  "a negative connectTimeout": { connectTimeout: -1 },
  "a connectTimeout that no timer keeps": { connectTimeout: 2_147_483_648 },
  "true as connectTimeout": { connectTimeout: true },
  "a closeTimeout of 0": { closeTimeout: 0 },
  "an endless closeTimeout": { closeTimeout: Infinity },
  "a closeCode that must not be sent": { closeCode: 1_006 },
  "a closeCode past the last": { closeCode: 5_000 },
  "a closeCode as text": { closeCode: "1000" },
  "a maxPayload of 0": { maxPayload: 0 },
  "half a byte as maxPayload": { maxPayload: 1.5 },
  "a maxPayload that ws cannot count": { maxPayload: 2 ** 31 },
  "perMessageDeflate as text": { perMessageDeflate: "yes" },
  "a negative capacity": { capacity: -1 },
  "half a capacity": { capacity: 0.5 },
  "a highWaterMark that holds no message": { highWaterMark: 1_023 },
  "no number as highWaterMark": { highWaterMark: Number.NaN },
  "tls without TLS": { tls: {} },
  "an agent that is none": { agent: "proxy" },
  "a pingInterval of 0": { pingInterval: 0 },
  "a pingInterval as text": { pingInterval: "15s" },
  "an idleTimeout of 0": { idleTimeout: 0 },
  "a pingInterval that is not below idleTimeout": { pingInterval: 1_000, idleTimeout: 1_000 },
  "an idleTimeout below the pingInterval": { pingInterval: 5_000, idleTimeout: 1_000 },
  "a single stop code": { stopCodes: 4_001 },
  "a stop code that is none": { stopCodes: [4_001, 999] },
  "a stop code as text": { stopCodes: ["4001"] },
  "an onConnect that is no function": { onConnect: true },
  "an onMessage that is no function": { onMessage: {} },
  "an onClose that is no function": { onClose: null },
  "an onError that is no function": { onError: "log" },
};

/** How much of that the process waits for. */
function active(resource: string): number {
  return process.getActiveResourcesInfo().filter((type) => type === resource).length;
}

/** A socket that is not read does not see its end. */
function openSockets({ sockets }: RawServer): number {
  for (const socket of sockets) socket.resume();
  return sockets.size;
}

/** More than what the buffers of the system take, so that it stays pending when nobody reads. */
const long = Buffer.alloc(24 * 1_024 * 1_024);

let hole: Disposable & { port: number };

const contract = adapterContract<WebSocketActor, RawServer>({
  start: () => RawServer.start(),
  create: ({ url }, hook) =>
    create(url, hook && { onConnect: hook, onMessage: hook, onClose: hook, onError: hook }),
  createUnanswered: () => create(`ws://127.0.0.1:${hole.port}/`, { connectTimeout }),
  connectTimeout,
  disconnect: (server) => server.disconnect(),
  refuse: (server) => server[Symbol.asyncDispose](),
  accept: (server) => server.listen(),
  resources: (server) => ({
    "sockets of the server": openSockets(server),
    sockets: active("TCPSocketWrap"),
    attempts: active("TCPConnectWrap"),
    timers: active("Timeout"),
    immediates: active("Immediate"),
  }),
  requests: {
    send: (feed, id, options) => feed.send(isHeld ? long : String(id), options),
    received: ({ received }) =>
      received.map((data) => (typeof data === "string" ? Number(data) : 1)),
    hold: (server) => {
      isHeld = true;
      for (const { socket } of server.peers) socket.pause();
    },
  },
  invalid: {
    ...Object.fromEntries(
      Object.entries(invalidUrls).map(([what, url]) => [what, () => create(url as string)]),
    ),
    ...Object.fromEntries(
      Object.entries(invalid).map(([what, options]) => [what, () => create(anywhere, options)]),
    ),
    "credentials in two places": () =>
      create("ws://me:secret@127.0.0.1/", { headers: { Authorization: "Bearer x" } }),
    "no name": () => new WebSocketActor("", anywhere),
    "a name that is no string": () => new WebSocketActor(7 as never, anywhere),
    "no options": () => new WebSocketActor("feed", anywhere, null as never),
  },
});

let isHeld = false;

describe("WebSocketActor, as every adapter", () => {
  beforeAll(async () => {
    hole = await blackHole();
  });
  afterAll(() => hole[Symbol.dispose]());

  for (const { name, run } of contract) {
    const alone = () => {
      isHeld = false;
      return run();
    };
    // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract has titles and checks of its own
    it(name, alone, 120_000);
  }
});
