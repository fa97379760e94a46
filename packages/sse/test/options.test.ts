import { describe, expect, it } from "vitest";
import { settingsOf } from "../src/lib/options.ts";
import { nodeHttp } from "../src/lib/transport/node-http.ts";

const url = "http://10.0.0.5/events";

describe("settingsOf", () => {
  it("fills in the defaults", () => {
    expect(settingsOf("stream", url, {})).toEqual({
      url: new URL(url),
      method: "GET",
      body: undefined,
      credentials: {},
      headers: {},
      lastEventId: "",
      idleTimeout: 30_000,
      connectTimeout: 10_000,
      maxEventSize: 1_048_576,
      retryOn: new Set([408, 425, 429, 500, 502, 503, 504]),
      stopOn: new Set([204]),
      retry: { min: 100, max: 60_000 },
      transport: nodeHttp,
      onConnect: undefined,
      onEvent: undefined,
      onError: undefined,
    });
  });

  it("takes an option that is undefined as one that is not there", () => {
    const none = { method: undefined, retry: undefined, stopOn: undefined, headers: undefined };
    expect(settingsOf("stream", url, none)).toEqual(settingsOf("stream", url, {}));
  });

  it.each([
    { idleTimeout: false },
    { idleTimeout: 0.5 },
    { idleTimeout: 2_147_483_647 },
    { connectTimeout: 1 },
    { maxEventSize: 1 },
    { lastEventId: "\0" },
    { retry: { min: 0, max: 0 } },
    { retry: { min: 0, max: 2_147_483_647 } },
    { method: "PATCH" },
  ] as const)("takes what is just within the limits: %o", (options) => {
    expect(settingsOf("stream", url, options)).toMatchObject(options);
  });

  it("takes empty lists of statuses", () => {
    const { retryOn, stopOn } = settingsOf("stream", url, { retryOn: [], stopOn: [] });
    expect([retryOn.size, stopOn.size]).toEqual([0, 0]);
  });

  it("does not change with the objects that it was given", () => {
    const headers: Record<string, string> = { "X-A": "1" };
    const stopOn = [204];
    const target = new URL(url);
    const settings = settingsOf("stream", target, { headers, stopOn });
    headers["X-A"] = "2";
    stopOn.push(205);
    target.pathname = "/other";
    expect([settings.headers, [...settings.stopOn], settings.url.href]).toEqual([
      { "x-a": "1" },
      [204],
      url,
    ]);
  });

  it.each<[object, ErrorConstructor, string]>([
    [
      { method: "HEAD" },
      RangeError,
      '`method` must be a method whose response has a body, such as GET or POST, got "HEAD"',
    ],
    [
      { method: 1n },
      TypeError,
      "`method` must be a method whose response has a body, such as GET or POST, got 1n",
    ],
    [
      { method: "GET", body: "x" },
      RangeError,
      '`method` must be another one than GET with a `body`, got "GET"',
    ],
    [{ body: [] }, TypeError, "`body` must be a string or a Uint8Array, got an array"],
    [{ lastEventId: null }, TypeError, "`lastEventId` must be a string, got null"],
    [
      { idleTimeout: 0 },
      RangeError,
      "`idleTimeout` must be milliseconds above 0 and up to 2147483647, or false, got 0",
    ],
    [
      { connectTimeout: false },
      TypeError,
      "`connectTimeout` must be milliseconds above 0 and up to 2147483647, got false",
    ],
    [{ maxEventSize: 0 }, RangeError, "`maxEventSize` must be an integer of 1 or more, got 0"],
    [{ retryOn: 503 }, TypeError, "`retryOn` must be an array of statuses, got 503"],
    [{ stopOn: [100] }, RangeError, "`stopOn[]` must be an integer from 201 to 599, got 100"],
    [{ stopOn: [307] }, RangeError, "`stopOn[]` must be no redirect, as it is followed, got 307"],
    [{ stopOn: [204, 503] }, RangeError, "`retryOn` and `stopOn` both hold 503"],
    [{ idletimeout: 1_000 }, TypeError, "unknown option `idletimeout`"],
    [{ retry: { least: 7 } }, TypeError, "unknown option `retry.least`"],
    [{ retry: 7 }, TypeError, "`retry` must be an object, got 7"],
    [
      { retry: { min: -1 } },
      RangeError,
      "`retry.min` must be milliseconds from 0 to 2147483647, got -1",
    ],
    [
      { retry: { min: 9, max: 8 } },
      RangeError,
      "`retry.max` must be milliseconds from 9 to 2147483647, got 8",
    ],
    [{ headers: 7 }, TypeError, "`headers` must be an object, got 7"],
    [{ headers: ["x"] }, TypeError, '`headers` must be pairs of name and value, got "x"'],
    [
      { headers: { "a b": "x" } },
      RangeError,
      '`headers` must be names of RFC 9110 tokens, got "a b"',
    ],
    [{ headers: { a: 7 } }, TypeError, '`headers["a"]` must be a string, got 7'],
    [
      { headers: { a: "secret\n" } },
      RangeError,
      '`headers["a"]` must hold no line breaks, no other control characters, and nothing past U+00FF',
    ],
    [
      { headers: { "Last-Event-ID": "1" } },
      RangeError,
      '`headers["Last-Event-ID"]` cannot be set: use the option `lastEventId`',
    ],
    [{ fetch: true }, TypeError, "`fetch` must be a function, got true"],
    [{ onEvent: () => {}, onError: {} }, TypeError, "`onError` must be a function, got an object"],
  ])("names the option, the rule and the value of %o", (options, type, message) => {
    const create = () => settingsOf("stream", url, options);
    expect(create).toThrow(type);
    expect(create).toThrow(`Cannot create SSE actor "stream": ${message}`);
  });

  it.each<[unknown, ErrorConstructor, string]>([
    [undefined, TypeError, "got undefined"],
    [() => url, TypeError, "got a function"],
    ["/events", RangeError, 'got "/events"'],
    ["ws://10.0.0.5/", RangeError, 'got "ws://10.0.0.5/"'],
    ["ftp://user:secret@10.0.0.5/", RangeError, 'got "ftp://…@10.0.0.5/"'],
  ])("says what is wrong with the URL %s", (value, type, got) => {
    const create = () => settingsOf("stream", value as string, {});
    expect(create).toThrow(type);
    expect(create).toThrow(
      `Cannot create SSE actor "stream": \`url\` must be an http: or https: URL, ${got}`,
    );
  });

  it("names what is wrong with a name or with no options at all", () => {
    expect(() => settingsOf("", url, {})).toThrow(
      'Cannot create SSE actor: `name` must be a string that is not empty, got ""',
    );
    expect(() => settingsOf("stream", url, null as never)).toThrow(
      'Cannot create SSE actor "stream": `options` must be an object, got null',
    );
  });

  it("refuses two credentials, and does not show them", () => {
    const create = () =>
      settingsOf("stream", "http://a:secret@10.0.0.5/", { headers: { AUTHORIZATION: "secret" } });
    expect(create).toThrow(
      'Cannot create SSE actor "stream": `headers["authorization"]` and the user name in `url` contradict each other',
    );
  });
});
