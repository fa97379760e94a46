import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { SseClosedError, SseConnectError, SseIdleError, SseResponseError } from "../src/index.ts";
import { nginx } from "./servers/nginx.ts";
import { server, supervised } from "./supervised.ts";

describe("SseActor with nginx", () => {
  it("reads a stream, and goes on after its last id", async () => {
    const { url } = await nginx();
    const { has, events, crashes } = supervised(`${url}/ticks`);
    await has(events, 4);
    expect(events.slice(0, 4)).toEqual([
      { id: "1", name: "message", data: "one" },
      { id: "2", name: "tick", data: "after " },
      { id: "1", name: "message", data: "one" },
      { id: "2", name: "tick", data: "after 2" },
    ]);
    expect(crashes[0]).toBeInstanceOf(SseClosedError);
  });

  it("finishes at 204, follows 307, and refuses 503 and text/html", async () => {
    const { url } = await nginx();
    const [gone, moved, busy, page] = ["gone", "moved", "busy", "page"].map((path) =>
      supervised(`${url}/${path}`, { policy: path === "gone" ? "permanent" : "temporary" }),
    );
    await gone!.root.wait();
    expect(gone!.crashes).toEqual([]);
    await moved!.has(moved!.events, 2);
    expect(moved!.connections[0]!.url).toBe(`${url}/ticks`);
    await busy!.has(busy!.crashes, 1);
    expect(busy!.crashes[0]).toMatchObject({ status: 503, retryable: true, retryAfter: 1_000 });
    await page!.has(page!.crashes, 1);
    expect(page!.crashes[0]).toBeInstanceOf(SseResponseError);
  });

  it("reads over TLS what it can trust, and nothing else", async () => {
    const { tlsUrl } = await nginx();
    const strict = supervised(`${tlsUrl}/ticks`, { policy: "temporary" });
    await strict.has(strict.crashes, 1);
    expect(strict.crashes[0]).toBeInstanceOf(SseConnectError);
    expect(strict.crashes[0]!.cause).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    try {
      const lax = supervised(`${tlsUrl}/ticks`);
      await lax.has(lax.events, 2);
      expect(lax.events[1]!.data).toBe("after ");
      await lax.root.stop();
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("gets each event at once through a proxy that does not buffer", async () => {
    const upstream = await server(({ request, stream }) =>
      stream(": hello\n", request.url === "/accel" ? { "x-accel-buffering": "no" } : {}),
    );
    const { url } = await nginx(upstream.url.replace("/events", ""));
    for (const [index, path] of ["unbuffered", "accel"].entries()) {
      const { has, events, connections, root } = supervised(`${url}/${path}`);
      await has(connections, 1);
      const call = await upstream.called(index + 1);
      for (let count = 1; count <= 3; count++) {
        call.send(`data: ${count}\n\n`);
        await has(events, count);
      }
      await root.stop();
      await upstream.deserted();
    }
    expect(upstream.calls).toHaveLength(2);
  });

  it("loses nothing through a proxy that buffers, and gives up one that holds back for too long", async () => {
    const over = Promise.withResolvers<void>();
    const upstream = await server(({ stream, send, response }) => {
      stream("data: 1\n\n");
      void over.promise.then(() => {
        send("data: 2\n\n");
        response.end();
      });
    });
    const { url } = await nginx(upstream.url.replace("/events", ""));
    const patient = supervised(`${url}/buffered`, { policy: "temporary" });
    await upstream.called(1);
    const hasty = supervised(`${url}/buffered`, { connectTimeout: 300, policy: "temporary" });
    await hasty.has(hasty.crashes, 1);
    expect(hasty.crashes[0]).toBeInstanceOf(SseConnectError);
    expect(patient.events).toEqual([]);
    over.resolve();
    await patient.has(patient.crashes, 1);
    expect(patient.events.map(({ data }) => data)).toEqual(["1", "2"]);
    expect(patient.crashes[0]).toBeInstanceOf(SseClosedError);
  });

  it("goes on when nginx is killed and comes back", async () => {
    const proxy = await nginx();
    const { has, connections, crashes, events } = supervised(`${proxy.url}/ticks`, {
      restartDelay: 20,
      retry: { max: 20 },
    });
    await has(events, 2);
    proxy.process.kill("SIGKILL");
    if (proxy.process.signalCode === null) await once(proxy.process, "exit");
    await has(crashes, crashes.length + 3);
    expect(crashes.at(-1)).toBeInstanceOf(SseConnectError);
    const before = connections.length;
    const { id } = events.at(-1)!;
    await proxy.restart();
    await has(connections, before + 1);
    expect(connections[before]!.lastEventId).toBe(id);
  });

  it("takes a server that hangs for dead after `idleTimeout`", async () => {
    const { url, process } = await nginx();
    const { has, connections, crashes } = supervised(`${url}/silent`, {
      idleTimeout: 1_500,
      connectTimeout: 1_500,
    });
    await has(connections, 1);
    process.kill("SIGSTOP");
    const before = crashes.length;
    await has(crashes, before + 2);
    expect(crashes[before]).toBeInstanceOf(SseIdleError);
    expect(crashes[before + 1]).toBeInstanceOf(SseConnectError);
    process.kill("SIGCONT");
    await has(connections, 2);
  });
});
