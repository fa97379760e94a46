import { describe, expect, it } from "vitest";
import { WebSocketActor } from "../src/index.ts";
import { settingsOf } from "../src/lib/options.ts";

const url = "wss://me:s3cret@example.com/feed?key=t0ken";

describe("the options of a WebSocketActor", () => {
  it("have the defaults that are documented", () => {
    const { url: target, ...rest } = settingsOf("feed", url, {});
    expect(target.href).toBe(url);
    expect(rest).toEqual({
      protocols: [],
      headers: {},
      connectTimeout: 10_000,
      closeTimeout: 3_000,
      closeCode: 1_000,
      maxPayload: 104_857_600,
      perMessageDeflate: false,
      capacity: 64,
      highWaterMark: 1_048_576,
      tls: undefined,
      agent: undefined,
      pingInterval: 15_000,
      idleTimeout: 30_000,
      stopCodes: new Set(),
      onConnect: undefined,
      onMessage: undefined,
      onClose: undefined,
      onError: undefined,
    });
  });

  it("may turn each timeout off, and be at their limits", () => {
    const off = {
      connectTimeout: false,
      closeTimeout: false,
      pingInterval: false,
      idleTimeout: false,
    } as const;
    expect(settingsOf("feed", url, off)).toMatchObject(off);
    const limits = {
      connectTimeout: 2_147_483_647,
      closeTimeout: 0.1,
      closeCode: 4_999,
      maxPayload: 2 ** 31 - 1,
      capacity: 0,
      highWaterMark: 1_024,
      pingInterval: 1,
      idleTimeout: 2,
      tls: {},
    };
    expect(settingsOf("feed", url, { ...limits, stopCodes: [1_000, 4_999] })).toMatchObject(limits);
  });

  it("make the ping interval half of a short idle timeout, and leave it without one", () => {
    expect(settingsOf("feed", url, { idleTimeout: 8_000 }).pingInterval).toBe(4_000);
    expect(settingsOf("feed", url, { idleTimeout: 90_000 }).pingInterval).toBe(15_000);
    expect(settingsOf("feed", url, { idleTimeout: false }).pingInterval).toBe(15_000);
  });

  it("are kept as they were when the actor was created", () => {
    const given = { headers: { a: "1" }, protocols: ["v1"], stopCodes: [4_000] };
    const target = new URL(url);
    const settings = settingsOf("feed", target, given);
    given.headers.a = "2";
    given.protocols.push("v2");
    given.stopCodes.push(4_001);
    target.hostname = "elsewhere.example";
    expect(settings).toMatchObject({ headers: { a: "1" }, protocols: ["v1"] });
    expect(settings.stopCodes).toEqual(new Set([4_000]));
    expect(settings.url.href).toBe(url);
  });

  it.each([
    [
      { headers: { authorization: "Bearer t0ken\n" } },
      '`headers` must be strings without line breaks, which "authorization" is not',
    ],
    [
      { headers: { "Sec-WebSocket-Version": "8" } },
      '`headers` must be without "Sec-WebSocket-Version": the handshake sets it',
    ],
    [{ protocols: ["a", "a"] }, "`protocols` must be tokens of HTTP, each of them once"],
    [
      { pingInterval: 5_000, idleTimeout: 4_000 },
      "`pingInterval` must be below `idleTimeout`, got 5000 and 4000",
    ],
    [{ capacity: -1 }, "`capacity` must be an integer of 0 or more, got -1"],
    [
      { closeCode: 1_005 },
      "`closeCode` must be 1000, 1001 or an integer from 3000 to 4999, got 1005",
    ],
    [{ hearbeat: 5_000 } as never, "unknown option `hearbeat`"],
    [{ stopCodes: [7] }, "`stopCodes` must be close codes from 1000 to 4999, got 7"],
    [
      { idleTimeout: "30s" as never },
      '`idleTimeout` must be milliseconds above 0 and up to 2147483647, or false, got "30s"',
    ],
  ])("name what is wrong with %j", (options, message) => {
    const create = () => new WebSocketActor("feed", "wss://example.com/", options);
    expect(create).toThrow(`Cannot create WebSocket actor "feed": ${message}`);
  });

  it.each([
    [
      "https://me:s3cret@example.com/?key=t0ken",
      "`url` must begin with ws: or wss:, got one that begins with https:",
    ],
    ["wss://me:s3cret@exa mple.com/?key=t0ken", "`url` must be a valid URL"],
    ["wss://me:s3cret@example.com/?key=t0ken#x", "`url` must have no fragment"],
  ])("show no secret of a URL that is wrong", (wrong, message) => {
    const error = (() => {
      try {
        return new WebSocketActor("feed", wrong);
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe(`Cannot create WebSocket actor "feed": ${message}`);
  });
});
