import { once } from "node:events";
import { connect } from "node:http2";
import { Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { fastify, type FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import { dashboardPlugin, type DashboardPluginOptions } from "../../src/index.ts";
import { answerTo } from "../rig/raw-client.ts";
import { snapshotOf, Stream } from "../rig/stream.ts";
import { within } from "../rig/within.ts";

interface Host extends AsyncDisposable {
  readonly server: FastifyInstance;
  readonly root: Supervisor;
  /** With a slash at its end. */
  readonly url: string;
}

/** A server of somebody who has routes of their own. */
async function startHost(
  options: Partial<DashboardPluginOptions> = {},
  server = fastify(),
): Promise<Host> {
  const root = new Supervisor("gateway", { actors: [new Puppet("feed")] });
  root.start();
  server.get("/own", async () => "own");
  server.post("/own", async ({ body }) => ({ got: body }));
  server.setNotFoundHandler(async (_, reply) => reply.code(404).send("theirs"));
  await server.register(dashboardPlugin, { root, prefix: "/sup", ...options });
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  return {
    server,
    root,
    url: `${url}/`,
    async [Symbol.asyncDispose]() {
      await server.close();
      await root.stop();
    },
  };
}

describe("dashboardPlugin", () => {
  it("shows the tree under its prefix", async () => {
    await using host = await startHost();
    const { actors } = await snapshotOf(`${host.url}sup/`);
    expect(actors.map(({ name }) => name)).toEqual(["gateway", "feed"]);
    using stream = await Stream.open(`${host.url}sup/`, (await snapshotOf(`${host.url}sup/`)).id);
    host.root.spawn(new Puppet("late"));
    await stream.until(({ change }) => change.came?.[0]?.name === "late");
    expect((await fetch(`${host.url}sup/tree.txt`)).status).toBe(200);
  });

  it("counts viewers by the address that a trusted proxy names", async () => {
    const host = await startHost({ maxViewersPerAddress: 1 }, fastify({ trustProxy: true }));
    await using _ = host;
    const from = async (address: string): Promise<Stream> =>
      Stream.open(`${host.url}sup/`, undefined, { "x-forwarded-for": address });
    using one = await from("203.0.113.7");
    using same = await from("203.0.113.7");
    using other = await from("203.0.113.8");
    const statuses = [one, same, other].map(({ response }) => response.statusCode);
    expect(statuses).toEqual([200, 429, 200]);
  });

  it("leads from its prefix to the page, whose files are named relative to it", async () => {
    await using host = await startHost();
    const { status, text } = await answerTo(host.url, "GET /sup?x=1 HTTP/1.1");
    expect(status).toBe(308);
    expect(text).toMatch(/\r\nlocation: sup\/\r\n/i);
    const page = await fetch(`${host.url}sup`);
    expect(page.url).toBe(`${host.url}sup/`);
    expect(await page.text()).toContain('src="app.js"');
  });

  it.each([
    { ignoreTrailingSlash: true },
    { ignoreDuplicateSlashes: true },
    { caseSensitive: false },
  ])("works in a server with %o", async (routerOptions) => {
    await using host = await startHost({}, fastify({ routerOptions }));
    expect((await fetch(`${host.url}sup`)).url).toBe(`${host.url}sup/`);
    expect((await fetch(`${host.url}sup/healthz`)).status).toBe(200);
  });

  it("leaves the other routes as they are", async () => {
    await using host = await startHost({ auth: () => false });
    const headers = { host: "evil.com", origin: "http://evil.com", "sec-fetch-site": "cross-site" };
    const own = await answerTo(host.url, "GET /own HTTP/1.1", headers);
    expect(own.status).toBe(200);
    expect(own.text).not.toMatch(/content-security-policy|x-frame-options|cache-control/i);
    const posted = await fetch(`${host.url}own`, {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
    expect(await posted.json()).toEqual({ got: { a: 1 } });
    for (const path of ["/nothing", "/sup-other", "/sup/nothing"]) {
      expect((await answerTo(host.url, `GET ${path} HTTP/1.1`, headers)).text).toContain("theirs");
    }
  });

  it("guards its own", async () => {
    await using host = await startHost();
    expect(
      (await answerTo(host.url, "GET /sup/api/v1/tree HTTP/1.1", { host: "evil.com" })).status,
    ).toBe(421);
    expect((await answerTo(host.url, "GET /sup HTTP/1.1", { host: "evil.com" })).status).toBe(421);
    expect(
      (await answerTo(host.url, "POST /sup/api/v1/tree HTTP/1.1", { "content-length": "0" }))
        .status,
    ).toBe(405);
    await using closed = await startHost({ auth: () => false });
    expect((await fetch(`${closed.url}sup/healthz`)).status).toBe(401);
  });

  it("tells the errors of its own routes to the server's logger, and nobody else", async () => {
    const lines: string[] = [];
    const server = fastify({
      logger: { level: "error", stream: { write: (line: string) => void lines.push(line) } },
    });
    await using host = await startHost(
      {
        auth: () => {
          throw new Error("no such user");
        },
      },
      server,
    );
    const response = await fetch(`${host.url}sup/healthz`);
    expect([response.status, await response.json()]).toEqual([
      500,
      { message: "Cannot tell who you are" },
    ]);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      "dashboard: auth failed",
    ]);
  });

  it("notes what happens from when the server is ready until it is closed, and ends its streams then", async () => {
    const host = await startHost();
    host.root.spawn(new Puppet("late"));
    const { events } = await snapshotOf(`${host.url}sup/`);
    expect(events.map(({ why }) => why)).toEqual([
      'late is supervised by "gateway"',
      "late started",
    ]);
    using stream = await Stream.open(`${host.url}sup/`);
    await within(100, Promise.all([host.server.close(), stream.end()]));
    expect(stream.response.complete).toBe(true);
    await host.root.stop();
  });

  it("ends in time when somebody comes while the server closes", async () => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<boolean>();
    const server = fastify();
    // The last of these hooks is over in the turn in which the first one was called.
    server.addHook("preClose", async () => void setImmediate(() => answered.resolve(true)));
    const auth = (): Promise<boolean> => {
      asked.resolve();
      return answered.promise;
    };
    await using host = await startHost({ auth }, server);
    const late = Stream.open(`${host.url}sup/`);
    await asked.promise;
    await host.server.close();
    using stream = await late;
    await stream.end();
    expect(stream.response.statusCode).toBe(200);
    expect(stream.events).toEqual([]);
  });

  it("streams over HTTP/2, too", async () => {
    const server = fastify({ http2: true });
    await server.register(dashboardPlugin, { root: new Supervisor("gateway"), prefix: "/sup" });
    const url = await server.listen({ port: 0, host: "127.0.0.1" });
    const session = connect(url);
    const request = session.request({ ":path": "/sup/api/v1/stream" });
    const [headers] = (await once(request, "response")) as [Record<string, unknown>];
    expect(headers).toMatchObject({ ":status": 200, "x-content-type-options": "nosniff" });
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    while (!text.includes("event: resync")) await once(request, "data");
    const other = session.request({ ":path": "/sup/healthz", ":authority": "evil.com" });
    expect((await once(other, "response"))[0]).toMatchObject({ ":status": 421 });
    other.resume();
    const ended = once(request, "close");
    session.close();
    await server.close();
    await ended;
  });

  it("takes a root that comes about before the server is ready", async () => {
    let root: Supervisor | undefined;
    const server = fastify();
    await server.register(dashboardPlugin, { root: () => root!, prefix: "/sup" });
    root = new Supervisor("late");
    expect((await server.inject("/sup/tree.txt")).body).toContain("late");
    await server.close();
  });

  it("shows two trees in one server", async () => {
    const server = fastify();
    for (const name of ["one", "other"]) {
      await server.register(dashboardPlugin, { root: new Supervisor(name), prefix: `/${name}` });
    }
    expect((await server.inject("/one/tree.txt")).body).toMatch(/\none /);
    expect((await server.inject("/other/tree.txt")).body).toMatch(/\nother /);
    await server.close();
  });

  it.each([
    ["no options", undefined],
    ["no root", {}],
    ["a root that is none", { root: {} }],
    [
      "two values of one name",
      { root: new Supervisor("a"), observe: [1, 2].map(() => ({ name: "x", status: () => ({}) })) },
    ],
    ["a host", { root: new Supervisor("a"), host: "127.0.0.1" }],
  ])("refuses %s", async (_, options) => {
    const server = fastify();
    await expect(server.register(dashboardPlugin, options as never)).rejects.toThrow(
      /^Cannot register the dashboard: /,
    );
  });

  it("keeps the server from starting when its root is a function that returns none", async () => {
    const server = fastify();
    await server.register(dashboardPlugin, { root: () => undefined as never, prefix: "/sup" });
    await expect(server.ready()).rejects.toThrow(
      "Cannot show the tree: `root` must be a function that returns a Supervisor, got undefined",
    );
  });
});
