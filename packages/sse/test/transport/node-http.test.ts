import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeHttp } from "../../src/lib/transport/node-http.ts";
import { turns } from "../fake-time.ts";
import { server } from "../supervised.ts";

function get(url: string) {
  return { url: new URL(url), method: "GET", fields: {}, body: undefined };
}

describe("nodeHttp", () => {
  it("sends nothing when its signal has been aborted before", async () => {
    const one = await server(({ stream }) => stream());
    const reason = new Error("stopped");
    await expect(nodeHttp(get(one.url), AbortSignal.abort(reason))).rejects.toBe(reason);
    await turns(10);
    expect([one.calls, one.sockets.size]).toEqual([[], 0]);
  });

  it("rejects with the signal's reason, and only when its socket is gone", async () => {
    const one = await server(() => {});
    const controller = new AbortController();
    const attempt = nodeHttp(get(one.url), controller.signal);
    const { socket } = await one.called(1);
    const reason = new Error("stopped");
    controller.abort(reason);
    await expect(attempt).rejects.toBe(reason);
    await one.deserted();
    expect(socket.destroyed).toBe(true);
  });

  it("tells of the end of a body that broke off before it was read", async () => {
    const one = await server(({ stream }) => stream("data: 1\n\n"));
    const exchange = await nodeHttp(get(one.url), new AbortController().signal);
    one.calls[0]!.reset();
    await one.deserted();
    await turns(10);
    const ends: unknown[] = [];
    exchange.read({ onBytes: () => {}, onEnd: (cause) => void ends.push(cause) });
    expect(ends).toMatchObject([{ code: "ECONNRESET" }]);
    await exchange.close();
  });

  it.each<[string, string, (socket: Socket) => void, string | RegExp]>([
    ["when it is reset", "", (socket) => socket.resetAndDestroy(), "read ECONNRESET"],
    [
      "when it is no chunk",
      "Transfer-Encoding: chunked\r\n",
      (socket) => void socket.write("none\r\n"),
      /^Parse Error: /,
    ],
  ])("tells of the cause of the end of a body %s", async (_, head, harm, why) => {
    const one = await server(({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n`);
    });
    const exchange = await nodeHttp(get(one.url), new AbortController().signal);
    const ended = new Promise<unknown>((resolve) =>
      exchange.read({ onBytes: () => {}, onEnd: resolve }),
    );
    harm(one.calls[0]!.socket);
    expect(((await ended) as Error).message).toMatch(why);
    await exchange.close();
  });

  it("rejects when the server switches to a protocol that was not asked for, and leaves nothing", async () => {
    const one = await server(({ socket }) => {
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
      );
    });
    await expect(nodeHttp(get(one.url), new AbortController().signal)).rejects.toThrow(
      "the server switched to another protocol (status 101)",
    );
    await one.deserted();
  });

  it("is closed only when its socket is gone", async () => {
    const seen: string[] = [];
    const note = (message: unknown) => {
      (message as { socket: Socket }).socket.once("close", () => seen.push("socket closed"));
    };
    subscribe("net.client.socket", note);
    onTestFinished(() => void unsubscribe("net.client.socket", note));
    const one = await server(({ stream }) => stream());
    const exchange = await nodeHttp(get(one.url), new AbortController().signal);
    await exchange.close();
    seen.push("exchange closed");
    expect(seen).toEqual(["socket closed", "exchange closed"]);
  });

  it("closes what is being read, what was not, and what has ended", async () => {
    const one = await server(({ request, stream, response }) => {
      stream("data: 1\n\n");
      if (request.url === "/ends") response.end();
    });
    for (const path of ["/read", "/unread", "/ends"]) {
      const exchange = await nodeHttp(
        get(new URL(path, one.url).href),
        new AbortController().signal,
      );
      if (path !== "/unread") {
        await new Promise<void>((resolve) =>
          exchange.read({ onBytes: () => resolve(), onEnd: () => {} }),
        );
      }
      await turns(path === "/ends" ? 10 : 0);
      await Promise.all([exchange.close(), exchange.close()]);
      await one.deserted();
    }
    expect(one.calls).toHaveLength(3);
  });
});
