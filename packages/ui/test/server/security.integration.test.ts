import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createHash } from "node:crypto";
import { type ActorContext, Supervisor, task } from "@sup/core";
import { fastify } from "fastify";
import { describe, expect, it } from "vitest";
import { Feed } from "../../src/lib/server/feed/feed.ts";
import { addRoutes } from "../../src/lib/server/http/routes.ts";
import { startGateway } from "../rig/gateway.ts";
import { answerTo, RawClient } from "../rig/raw-client.ts";

const routes = [
  "/",
  "/app.js",
  "/app.css",
  "/worker.js",
  "/api/v1/snapshot",
  "/api/v1/stream",
  "/api/v1/actors/0",
  "/api/v1/values/0",
  "/api/v1/tree",
  "/tree.txt",
  "/healthz",
  "/metrics",
  "/nothing-here",
];

const promised = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; worker-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sup",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The headers of an answer, by name in lower case. */
function headersOf(text: string): Record<string, string> {
  const [, ...lines] = text.split("\r\n\r\n")[0]!.split("\r\n");
  return Object.fromEntries(
    lines.map((line) => [
      line.split(":")[0]!.toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
}

/** The begin of the answer: a stream has no end. */
async function beginOf(
  url: string,
  line: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  using client = await RawClient.connect(url);
  client.ask(line, headers);
  await client.until("\r\n\r\n");
  return { status: Number(client.text.split(" ")[1]), text: client.text };
}

describe("a Dashboard, against those who should not see it", () => {
  it.each(routes)("answers %s to nobody who asks for another host", async (path) => {
    await using gateway = await startGateway();
    const answer = await answerTo(gateway.url, `GET ${path} HTTP/1.1`, { host: "evil.com" });
    expect(answer.status).toBe(421);
    expect(answer.text).not.toContain("gateway");
  });

  it.each(routes)("answers %s to no other site", async (path) => {
    await using gateway = await startGateway();
    const { port } = new URL(gateway.url);
    const host = `localhost:${port}`;
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await answerTo(gateway.url, `GET ${path} HTTP/1.1`, { host, ...headers })).status;
    expect(await status({ origin: "http://evil.com" })).toBe(403);
    expect(await status({ origin: "null" })).toBe(403);
    expect(await status({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await status({ "sec-fetch-site": "same-site" })).toBe(403);
  });

  it.each(routes)("changes nothing by %s: all but GET and HEAD is refused", async (path) => {
    await using gateway = await startGateway();
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]) {
      const { status, text } = await answerTo(gateway.url, `${method} ${path} HTTP/1.1`, {
        "content-length": "0",
      });
      expect([method, status]).toEqual([method, 405]);
      expect(headersOf(text)["allow"]).toBe("GET, HEAD");
    }
  });

  it.each(routes)(
    "sends what keeps a browser safe with each answer to %s, and lets no other site read it",
    async (path) => {
      await using gateway = await startGateway();
      for (const [method, host] of [
        ["GET", "localhost"],
        ["HEAD", "localhost"],
        ["GET", "evil.com"],
        ["POST", "localhost"],
      ]) {
        const { text } = await beginOf(gateway.url, `${method} ${path} HTTP/1.1`, {
          host: host!,
          origin: "",
          "content-length": "0",
        });
        expect(headersOf(text)).toMatchObject(promised);
      }
      const { text, status } = await beginOf(gateway.url, `GET ${path} HTTP/1.1`);
      expect(headersOf(text)).toMatchObject(promised);
      expect(
        Object.keys(headersOf(text)).filter((name) => name.startsWith("access-control")),
      ).toEqual([]);
      const isFile = status === 200 && (path === "/" || /\.(js|css)$/.test(path));
      expect(headersOf(text)["cache-control"]).toBe(isFile ? "no-cache" : "no-store");
    },
  );

  it.each(["http://evil.com/api/v1/tree", "//evil.com/api/v1/tree"])(
    "takes %s for no other host's",
    async (target) => {
      await using gateway = await startGateway();
      const { status, text } = await answerTo(gateway.url, `GET ${target} HTTP/1.1`);
      expect([404, 421]).toContain(status);
      expect(text).not.toContain("gateway");
    },
  );

  it("refuses a URL that is too long, and one that is none", async () => {
    await using gateway = await startGateway();
    expect(
      (await answerTo(gateway.url, `GET /api/v1/stream?after=${"x".repeat(2_048)} HTTP/1.1`))
        .status,
    ).toBe(414);
    for (const path of ["/%", "/api/v1/actors/%ff", "/../../etc/passwd", "/app.js/..%2f..%2fetc"]) {
      const { status, text } = await answerTo(gateway.url, `GET ${path} HTTP/1.1`);
      expect([400, 404]).toContain(status);
      expect(text).not.toMatch(/root:|at .*\.ts|node_modules/);
    }
  });

  it("answers HEAD with the headers alone", async () => {
    await using gateway = await startGateway();
    for (const path of routes.slice(0, -1).filter((one) => !one.includes("values"))) {
      const { status, text } = await answerTo(gateway.url, `HEAD ${path} HTTP/1.1`);
      expect([path, status, text.split("\r\n\r\n")[1]]).toEqual([path, 200, ""]);
    }
  });

  it("cuts off a viewer that takes nothing", async () => {
    const jobs = new Supervisor("jobs", { autoShutdown: "never" });
    const root = new Supervisor("gateway", { actors: [jobs] });
    root.start();
    const feed = new Feed({ root, observe: [], tick: 100, redact: undefined });
    feed.start(() => {});
    const app = fastify({ forceCloseConnections: true });
    const options = { allowedHosts: [], hasAuth: false, auth: undefined, redact: undefined };
    addRoutes(app, feed, {
      ...options,
      maxViewers: 1,
      maxViewersPerAddress: 1,
      authTimeout: 500,
      stallTimeout: 500,
    });
    using stalled = await RawClient.connect(await app.listen({ port: 0, host: "127.0.0.1" }));
    stalled.ask("GET /api/v1/stream HTTP/1.1");
    await stalled.until("event: resync");
    stalled.socket.pause();
    expect(feed.viewers).toBe(1);
    // More than the buffers of the system take.
    for (let index = 0; index < 10_000; index++) {
      const wait = ({ signal }: ActorContext): Promise<void> =>
        once(signal, "abort").then(() => {});
      const name = "温".repeat(199);
      jobs.spawn(Object.assign(task(name, wait), { kind: name }));
    }
    // A socket that is not read does not see its end: the server knows it.
    while (feed.viewers === 1) await once(AbortSignal.timeout(50), "abort");
    await app.close();
    await root.stop();
  });
});

describe("a Dashboard with `auth`", () => {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const isToken = (given: string | undefined): boolean =>
    timingSafeEqual(digest(given ?? ""), digest("Bearer 7e57"));

  it.each(routes)("answers %s to those who are let in only", async (path) => {
    await using gateway = await startGateway(
      {},
      { auth: ({ headers }) => isToken(headers.authorization) },
    );
    const stranger = await answerTo(gateway.url, `GET ${path} HTTP/1.1`);
    expect(stranger.status).toBe(401);
    expect(stranger.text).not.toContain("gateway");
    expect(
      (await answerTo(gateway.url, `GET ${path} HTTP/1.1`, { authorization: "Bearer wrong" }))
        .status,
    ).toBe(401);
    const friend = await beginOf(gateway.url, `GET ${path} HTTP/1.1`, {
      authorization: "Bearer 7e57",
    });
    expect(friend.status).toBe(path === "/nothing-here" || path.includes("values") ? 404 : 200);
  });

  it.each([
    ["nothing", () => undefined, 401],
    ["false", () => false, 401],
    ["a promise of false", async () => false, 401],
    ["text", () => "yes", 401],
    ["1", () => 1, 401],
    [
      "an error",
      () => {
        throw new Error("boom");
      },
      500,
    ],
    [
      "a rejection",
      async () => {
        throw new Error("boom");
      },
      500,
    ],
    ["true", () => true, 200],
    ["a promise of true", async () => true, 200],
  ])("takes %s for %s", async (_, auth, expected) => {
    await using gateway = await startGateway({}, { auth: auth as never });
    for (const path of ["/healthz", "/api/v1/stream"]) {
      expect((await beginOf(gateway.url, `GET ${path} HTTP/1.1`)).status).toBe(expected);
    }
  });

  it("lets `auth` answer by itself", async () => {
    await using gateway = await startGateway(
      {},
      {
        auth: (_, reply) => reply.code(401).header("www-authenticate", 'Basic realm="sup"').send(),
      },
    );
    const { status, text } = await answerTo(gateway.url, "GET / HTTP/1.1");
    expect(status).toBe(401);
    expect(headersOf(text)["www-authenticate"]).toBe('Basic realm="sup"');
  });

  it("answers for `auth` when that has begun an answer, and not sent it", async () => {
    await using gateway = await startGateway(
      {},
      { auth: (_, reply) => reply.header("www-authenticate", "Basic") },
    );
    const { status, text } = await answerTo(gateway.url, "GET / HTTP/1.1");
    expect(status).toBe(401);
    expect(headersOf(text)["www-authenticate"]).toBe("Basic");
  });

  it("counts no viewer that has gone while `auth` was asked", async () => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<boolean>();
    await using gateway = await startGateway(
      {},
      {
        maxViewers: 1,
        auth: ({ headers }) => {
          if (headers["x-slow"] === undefined) return true;
          asked.resolve();
          return answered.promise;
        },
      },
    );
    {
      using client = await RawClient.connect(gateway.url);
      client.ask("GET /api/v1/stream HTTP/1.1", { "x-slow": "1" });
      await asked.promise;
      client.socket.resetAndDestroy();
    }
    // The server hears of the reset before it answers this.
    await answerTo(gateway.url, "GET /healthz HTTP/1.1");
    answered.resolve(true);
    await answered.promise;
    expect((await beginOf(gateway.url, "GET /api/v1/stream HTTP/1.1")).status).toBe(200);
  });

  it("keeps nobody waiting for an `auth` that does not decide", async () => {
    const root = new Supervisor("gateway");
    const feed = new Feed({ root, observe: [], tick: 100, redact: undefined });
    const app = fastify({ forceCloseConnections: true });
    const reports: string[] = [];
    addRoutes(app, feed, {
      allowedHosts: [],
      hasAuth: true,
      auth: () => new Promise<boolean>(() => {}),
      redact: undefined,
      maxViewers: 1,
      maxViewersPerAddress: 1,
      authTimeout: 20,
      stallTimeout: 500,
      report: (error, what) => reports.push(`${what}: ${(error as Error).message}`),
    });
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    for (const path of ["/healthz", "/api/v1/stream"]) {
      const { status, text } = await answerTo(url, `GET ${path} HTTP/1.1`);
      expect([status, headersOf(text)["retry-after"]]).toEqual([503, "5"]);
    }
    expect(reports[0]).toBe("auth failed: Cannot wait for `auth` any longer than 20 ms");
    await app.close();
  });

  it("asks `auth` nothing of a request that is refused before", async () => {
    let asked = 0;
    await using gateway = await startGateway(
      {},
      {
        auth: () => {
          asked++;
          return true;
        },
      },
    );
    await answerTo(gateway.url, "GET / HTTP/1.1", { host: "evil.com" });
    await answerTo(gateway.url, "POST / HTTP/1.1");
    expect(asked).toBe(0);
  });

  it("may listen for others, who ask for a name that is allowed", async () => {
    await using gateway = await startGateway(
      {},
      { auth: () => true, host: "0.0.0.0", allowedHosts: ["Gateway.example.com"] },
    );
    expect(
      (
        await answerTo(gateway.url.replace("0.0.0.0", "127.0.0.1"), "GET /healthz HTTP/1.1", {
          host: "gateway.example.com:80",
        })
      ).status,
    ).toBe(200);
    expect(
      (
        await answerTo(gateway.url.replace("0.0.0.0", "127.0.0.1"), "GET /healthz HTTP/1.1", {
          host: "0.0.0.0",
        })
      ).status,
    ).toBe(421);
  });
});

describe("the page of a Dashboard", () => {
  it("is at most 25 kB in at most 4 requests, compressed once", async () => {
    await using gateway = await startGateway();
    let bytes = 0;
    for (const path of ["/", "/app.js", "/app.css", "/worker.js"]) {
      const { status, text } = await answerTo(gateway.url, `GET ${path} HTTP/1.1`, {
        "accept-encoding": "br, gzip",
      });
      expect(status).toBe(200);
      expect(headersOf(text)).toMatchObject({
        "content-encoding": "gzip",
        vary: "accept-encoding",
      });
      bytes += Number(headersOf(text)["content-length"]);
    }
    expect(bytes).toBeLessThanOrEqual(25_000);
    expect(bytes).toBeGreaterThan(5_000);
  });

  it("is sent again only when it has changed", async () => {
    await using gateway = await startGateway();
    const tags = await Promise.all(
      ["gzip", "gzip;q=0", "identity", "br;q=1, gzip;q=0.5"].map(async (encoding) => {
        const { text } = await answerTo(gateway.url, "GET /app.js HTTP/1.1", {
          "accept-encoding": encoding,
        });
        return headersOf(text)["etag"]!;
      }),
    );
    expect(tags[0]).toMatch(/^"[\w-]{22}"$/);
    expect(tags[0]).toBe(tags[3]);
    expect(tags[1]).toBe(tags[2]);
    expect(tags[0]).not.toBe(tags[1]);
    const known = (tag: string): Promise<{ status: number; text: string }> =>
      answerTo(gateway.url, "GET /app.js HTTP/1.1", {
        "accept-encoding": "gzip",
        "if-none-match": tag,
      });
    for (const tag of [tags[0]!, `W/${tags[0]}`, `"other", ${tags[0]}`, "*"]) {
      const { status, text } = await known(tag);
      expect([status, text.split("\r\n\r\n")[1]]).toEqual([304, ""]);
    }
    for (const tag of [tags[1]!, '"other"', ""]) expect((await known(tag)).status).toBe(200);
  });

  it("holds nothing that its policy forbids, and names no file of another place", async () => {
    await using gateway = await startGateway();
    const html = await (await fetch(gateway.url)).text();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\bon\w+=|style=/i);
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target)).toSatisfy(
      (targets: string[]) => targets.every((target) => /^(data:,|[\w.-]+)$/.test(target)),
    );
  });
});
