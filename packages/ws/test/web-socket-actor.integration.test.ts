import { describe, expect, it, onTestFinished } from "vitest";
import { type Counterpart, pythonWebsockets, websocketd } from "./servers/counterpart.ts";
import { freePort } from "../../../scripts/test/servers/free-port.ts";
import { failure, supervised, within } from "./supervised.ts";

async function started<Kind extends Counterpart>(starting: Promise<Kind>): Promise<Kind> {
  const counterpart = await starting;
  onTestFinished(() => counterpart[Symbol.asyncDispose]());
  return counterpart;
}

describe("WebSocketActor with Python's websockets", () => {
  it("exchanges text, bytes, long and empty messages in order", async () => {
    const { url } = await started(pythonWebsockets());
    const { feed } = supervised(url, { highWaterMark: 64 * 1_024, protocols: ["v1", "v2"] });
    const messages = feed.messages();
    const all = [
      "",
      "grüße 👋",
      Buffer.from([0, 255]),
      Buffer.alloc(5_000_000, 7),
      "x".repeat(300_000),
    ];
    const sends = all.map((data) => feed.send(data));
    for (const data of all) {
      const { value } = await messages.next();
      expect(typeof value?.data).toBe(typeof data);
      expect(Buffer.from(value!.data as string).equals(Buffer.from(data as string))).toBe(true);
    }
    await Promise.all(sends);
    // By its own order of preference.
    expect(feed.protocol).toMatch(/^v[12]$/);
  });

  it("speaks permessage-deflate", async () => {
    const { url } = await started(pythonWebsockets());
    const { feed } = supervised(url, { perMessageDeflate: true, protocols: "v1" });
    const messages = feed.messages();
    const long = "all work and no play ".repeat(20_000);
    await feed.send(long);
    expect((await messages.next()).value).toEqual({ data: long });
  });

  it("is told its close code and reason, and connects anew", async () => {
    const { url } = await started(pythonWebsockets());
    const { feed, crash } = supervised(url, { protocols: "v1" });
    const messages = feed.messages();
    await feed.send("close maintenance");
    expect(await crash()).toMatchObject({ closeCode: 4_000, reason: "maintenance" });
    await feed.send("again");
    expect((await messages.next()).value).toEqual({ data: "again" });
  });

  it("finds out that it is frozen, and goes on when it thaws", async () => {
    const { url, process } = await started(pythonWebsockets());
    const options = {
      protocols: "v1",
      idleTimeout: 2_000,
      pingInterval: 500,
      connectTimeout: 2_000,
    };
    const { feed, crash, until, events } = supervised(url, options);
    await until(() => events.length === 1);
    process.kill("SIGSTOP");
    const begun = performance.now();
    const pending = failure(feed.send(Buffer.alloc(24 * 1_024 * 1_024)));
    expect(await crash()).toMatchObject({ code: "WS_IDLE" });
    expect(await pending).toMatchObject({ code: "WS_IDLE" });
    // Timers may fire a millisecond early; it may have answered a ping just before.
    expect(performance.now() - begun).toBeGreaterThan(1_400);
    // The system goes on to accept connections, and nobody answers there.
    expect(await crash(2)).toMatchObject({ code: "WS_CONNECT" });
    const waiting = feed.send("through the thaw");
    const messages = feed.messages();
    process.kill("SIGCONT");
    await waiting;
    expect((await messages.next()).value).toEqual({ data: "through the thaw" });
  });

  it("stops in time though it is frozen", async () => {
    const { url, process } = await started(pythonWebsockets());
    const { root, until, events } = supervised(url, { protocols: "v1", closeTimeout: 200 });
    await until(() => events.length === 1);
    process.kill("SIGSTOP");
    expect(await within(1_000, root.stop())).toBeUndefined();
    expect(events).toEqual(["connect", "close 1006"]);
  });

  it("is killed: a crash, then refusals, while what is sent waits until its own timeout", async () => {
    const first = await started(pythonWebsockets());
    const { feed, crash, until, events } = supervised(first.url, { protocols: "v1" });
    await until(() => events.length === 1);
    first.process.kill("SIGKILL");
    expect(await crash()).toMatchObject({ code: "WS_CLOSED", closeCode: 1_006 });
    expect(await crash(2)).toMatchObject({ code: "WS_CONNECT", cause: { code: "ECONNREFUSED" } });
    expect((await failure(feed.send("x", { timeout: 30 }))).name).toBe("TimeoutError");
  });
});

describe("WebSocketActor with websocketd", () => {
  it("exchanges lines in order", async () => {
    const { url } = await started(websocketd(await freePort(), ["cat"]));
    const { feed } = supervised(url);
    const messages = feed.messages();
    const lines = Array.from({ length: 200 }, (_, number) => `line ${number}`);
    await Promise.all(lines.map((line) => feed.send(line)));
    const echoes: unknown[] = [];
    for (const _ of lines) echoes.push((await messages.next()).value?.data);
    expect(echoes).toEqual(lines);
  });

  it("connects anew when the process behind it ends", async () => {
    const { url } = await started(websocketd(await freePort(), ["head", "-n", "1"]));
    const { feed, crash } = supervised(url, {}, { policy: "transient" });
    const messages = feed.messages();
    await feed.send("one");
    expect((await messages.next()).value).toEqual({ data: "one" });
    expect(await crash()).toMatchObject({ code: "WS_CLOSED" });
    await feed.send("two");
    expect((await messages.next()).value).toEqual({ data: "two" });
  });

  it("tells the status with which it refuses", async () => {
    const { url } = await started(
      websocketd(await freePort(), ["--origin=https://example.com", "cat"]),
    );
    const { crash } = supervised(url, { headers: { Origin: "https://evil.example" } });
    expect(await crash()).toMatchObject({ code: "WS_HANDSHAKE", status: 403, retryable: false });
  });
});
