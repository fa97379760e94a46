import { once } from "node:events";
import { createServer } from "node:net";
import { gunzipSync } from "node:zlib";
import { type Inspectable, signal } from "@sup/bus";
import { type Logger, Mailbox, Supervisor } from "@sup/core";
import { Puppet, Recorder } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import type { ActorDetail, ValueDetail } from "../../src/lib/model/wire.ts";
import { Dashboard, DashboardListenError } from "../../src/index.ts";
import { startGateway } from "../rig/gateway.ts";
import { RawClient } from "../rig/raw-client.ts";
import { snapshotOf, Stream } from "../rig/stream.ts";

interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

async function get<Body>(url: string): Promise<Answer<Body>> {
  const response = await fetch(url);
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Body };
}

/** A value that somebody else wrote, with what a test gives it. */
function valueOf(name: string, status: () => unknown): Inspectable<unknown> {
  return { name, kind: "signal", dependencies: [], updates: 0, status } as Inspectable<unknown>;
}

const good = valueOf("good", () => ({ value: 1, updatedAt: 1_000, stale: false }));

describe("Dashboard", () => {
  it("crashes with an error that names the port when that is in use", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as { port: number };
    const recorder = new Recorder();
    const errors: Error[] = [];
    const dashboard = new Dashboard("dashboard", { root: new Supervisor("gateway"), port });
    const root = new Supervisor("root", {
      actors: [dashboard, new Puppet("other")],
      policy: "permanent",
      restartDelay: 50,
      observer: recorder,
      onError: (_, error) => errors.push(error),
    });
    root.start();
    await recorder.until(({ type }) => type === "restarting");
    expect(errors[0]).toBeInstanceOf(DashboardListenError);
    expect(errors[0]).toMatchObject({
      code: "DASHBOARD_LISTEN",
      retryable: true,
      host: "127.0.0.1",
      port,
      message: `Cannot start dashboard "dashboard" on 127.0.0.1:${port}: port ${port} is in use`,
      cause: { code: "EADDRINUSE" },
    });
    expect(root.children[1]?.status).toBe("running");
    await once(blocker.close(), "close");
    await recorder.until("ready dashboard");
    expect(dashboard.url).toBe(`http://127.0.0.1:${port}/`);
    await root.stop();
  });

  it("crashes when its root is a function that returns none", async () => {
    const errors: string[] = [];
    const dashboard = new Dashboard("dashboard", { root: () => undefined as never, port: 0 });
    const root = new Supervisor("root", {
      actors: [dashboard],
      policy: "temporary",
      onError: (_, error) => errors.push(error.message),
    });
    root.start();
    await root.wait();
    expect(errors).toEqual([
      "Cannot show the tree: `root` must be a function that returns a Supervisor, got undefined",
    ]);
  });

  it("tells of what happened between two of its lives, and of its own end", async () => {
    await using gateway = await startGateway({}, {});
    const dashboard = new Dashboard("inner", { root: () => gateway.root, port: 0 });
    const { root } = gateway;
    const child = root.spawn(dashboard, { policy: "permanent", restartDelay: 20 });
    while (dashboard.url === undefined) await new Promise((resolve) => setImmediate(resolve));
    const before = await snapshotOf(dashboard.url);
    await child.restart();
    while (dashboard.url === undefined) await new Promise((resolve) => setImmediate(resolve));
    const after = await snapshotOf(dashboard.url);
    expect(after.events.slice(before.events.length).map(({ why }) => why)).toEqual([
      "inner stopped",
      "inner ended; permanent: restart 1 at once",
      "inner started again: restart 1",
      "inner is ready",
    ]);
    expect(after.id.split(":")[0]).toBe(before.id.split(":")[0]);
  });

  it("notes nothing any more when it has stopped for good, and goes on when it is started anew", async () => {
    await using gateway = await startGateway();
    const { root, shell, recorder, dashboard } = gateway;
    root.spawn(new Puppet("before"));
    await shell.stop();
    root.spawn(new Puppet("meanwhile"));
    shell.start();
    await recorder.until("ready dashboard", 2);
    root.spawn(new Puppet("after"));
    const { events } = await snapshotOf(dashboard.url!);
    expect(events.map(({ why }) => why)).toEqual([
      'before is supervised by "gateway"',
      "before started",
      'after is supervised by "gateway"',
      "after started",
    ]);
  });

  it("shows one tree in two dashboards, each with viewers of its own", async () => {
    await using gateway = await startGateway({ actors: [new Puppet("feed")] });
    const other = new Dashboard("other", { root: gateway.root, port: 0 });
    gateway.shell.spawn(other);
    await gateway.recorder.until("ready other");
    using one = await Stream.open(gateway.url);
    const [first, second] = [await snapshotOf(gateway.url), await snapshotOf(other.url!)];
    expect(first.actors).toEqual(second.actors);
    expect(first.id).not.toBe(second.id);
    expect([first.self.viewers, second.self.viewers]).toEqual([1, 0]);
    expect(one.response.statusCode).toBe(200);
  });

  it("sends a snapshot gzipped, and what it is", async () => {
    await using gateway = await startGateway();
    using client = await RawClient.connect(gateway.url);
    client.socket.setEncoding("latin1");
    client.ask("GET /api/v1/snapshot HTTP/1.1", { connection: "close" });
    await once(client.socket, "end");
    const [head, body] = client.text.split("\r\n\r\n") as [string, string];
    expect(head).toMatch(/content-encoding: gzip/i);
    expect(head).toMatch(/content-type: application\/json/i);
    const snapshot = JSON.parse(gunzipSync(Buffer.from(body, "latin1")).toString()) as object;
    expect(snapshot).toMatchObject({ version: 1, tick: 250, values: [], self: { viewers: 0 } });
  });

  it("says of an actor what it is, what it may, what happened and why", async () => {
    const feed = new Puppet("feed", { mailbox: new Mailbox({ capacity: 7 }) });
    const market = new Supervisor("market", {
      actors: [
        {
          actor: feed,
          policy: "permanent",
          restartDelay: { initial: 20, max: 5_000 },
          restartLimit: { maxRestarts: 3, window: 60_000 },
          shutdownTimeout: 2_000,
        },
      ],
      strategy: "one-for-all",
    });
    await using gateway = await startGateway({ actors: [market] });
    feed.life.crash(new Error("no data", { cause: new Error("connect ECONNREFUSED") }));
    while (feed.lives.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const { actors } = await snapshotOf(gateway.url);
    const { id } = actors.find(({ name }) => name === "feed")!;
    const { body, headers } = await get<ActorDetail>(`${gateway.url}api/v1/actors/${id}`);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({
      actor: { id, name: "feed", kind: "puppet", policy: "permanent", restarts: 1, capacity: 7 },
      path: ["gateway", "market", "feed"],
      options: [
        ["policy", "permanent"],
        ["restart delay", "20 ms, times 2 up to 5 s, ± 10 %, anew after 5 s without a crash"],
        ["restart limit", "3 in 60 s"],
        ["shutdown timeout", "2 s"],
      ],
      errors: [
        {
          name: "Error",
          message: "no data",
          stack: expect.stringContaining("dashboard.integration.test.ts") as string,
        },
        { name: "Error", message: "connect ECONNREFUSED" },
      ],
    });
    expect(body.why).toMatch(
      /^feed crashed: no data: connect ECONNREFUSED; permanent: restart 1 in \d+ ms \(one-for-all\)$/,
    );
    expect(body.events.map(({ type }) => type)).toEqual(["stopped", "restarting", "started"]);
    const { body: parent } = await get<ActorDetail>(
      `${gateway.url}api/v1/actors/${body.actor.parent}`,
    );
    expect(parent.options).toEqual(
      expect.arrayContaining([
        ["strategy", "one-for-all"],
        ["startup", "concurrent"],
        ["auto shutdown", "all"],
        ["shutdown timeout", "none"],
      ]),
    );
    expect((await get(`${gateway.url}api/v1/actors/0`)).body).toMatchObject({ path: ["gateway"] });
  });

  it.each(["999999", "-1", "1e3", "feed", "1%00"])("knows no actor and no value %s", async (id) => {
    await using gateway = await startGateway();
    expect((await get(`${gateway.url}api/v1/actors/${id}`)).status).toBe(404);
    expect((await get(`${gateway.url}api/v1/values/${id}`)).status).toBe(404);
  });

  it("shows a value with all that is shown of it, also one that is in the tree only", async () => {
    const long = "x".repeat(300);
    const observed = signal("observed", () => ({ long, password: "hunter2" }), {
      interval: 10_000,
      staleAfter: 60_000,
    });
    const silent = signal("silent", () => 7, { interval: 10_000 });
    await using gateway = await startGateway(
      { actors: [observed, silent] },
      { observe: [observed] },
    );
    while (silent.read() === undefined) await new Promise((resolve) => setImmediate(resolve));
    const { body } = await get<ValueDetail>(`${gateway.url}api/v1/values/0`);
    expect(body).toMatchObject({ id: 0, name: "observed", kind: "signal", type: "json" });
    expect(body.text).toHaveLength(200);
    expect(JSON.parse(body.full!)).toEqual({ long, password: "[hidden]" });
    const { actors, values } = await snapshotOf(gateway.url);
    const { id } = actors.find(({ name }) => name === "silent")!;
    expect(values.map(({ name, actor }) => [name, actor])).toEqual([
      ["observed", actors.find(({ name }) => name === "observed")!.id],
    ]);
    expect((await get<ActorDetail>(`${gateway.url}api/v1/actors/${id}`)).body.value).toMatchObject({
      id: -1,
      name: "silent",
      text: "7",
      full: "7",
    });
  });

  it("shows a provider whose status throws, and all others", async () => {
    const bad = valueOf("bad", () => {
      throw new Error("the sensor is gone");
    });
    const worse = Object.defineProperties(
      valueOf("worse", () => ({})),
      {
        dependencies: {
          get: () => {
            throw new Error("touched");
          },
        },
      },
    );
    await using gateway = await startGateway({}, { observe: [bad, worse, good] });
    const { values } = await snapshotOf(gateway.url);
    expect(values).toEqual([
      { id: 0, name: "bad", kind: "signal", type: "none", error: "the sensor is gone" },
      { id: 1, name: "worse", kind: "signal", type: "none", error: "touched" },
      { id: 2, name: "good", kind: "signal", type: "number", text: "1", updatedAt: 1_000 },
    ]);
    expect((await get(`${gateway.url}api/v1/values/0`)).status).toBe(200);
  });

  it("tells names and values as data, whatever is in them", async () => {
    const names = [
      "<script>alert(1)</script>",
      "\u202Egnp.exe",
      "line\nevent: change\ndata: {}\n\n",
      "\0\u2028\ud800",
      "x".repeat(10_240),
    ];
    const cycle: Record<string, unknown> = { big: 2n ** 64n, map: new Map([["a", new Date(0)]]) };
    cycle["self"] = cycle;
    const values = names.map((name, index) =>
      valueOf(name, () => ({ value: [name, cycle][index % 2], updatedAt: 1, stale: false })),
    );
    await using gateway = await startGateway(
      { actors: names.map((name) => new Puppet(name)) },
      { observe: values, tick: 100 },
    );
    const first = await snapshotOf(gateway.url);
    const told = [
      names[0],
      String.raw`\u202Egnp.exe`,
      String.raw`line\u000Aevent: change\u000Adata: {}\u000A\u000A`,
      String.raw`\u0000\u2028\uD800`,
      `${"x".repeat(100)}…${"x".repeat(99)}`,
    ];
    expect(first.actors.slice(1).map(({ name }) => name)).toEqual(told);
    expect(first.values.map(({ name }) => name)).toEqual(told);
    expect(
      first.values.map(({ text }) => typeof JSON.parse(text!.endsWith("…") ? '""' : text!)),
    ).toEqual(["string", "object", "string", "object", "string"]);
    using stream = await Stream.open(gateway.url, first.id);
    gateway.root.spawn(new Puppet("a\n\ndata: evil\r\n\r\nid: 7"));
    const { change } = await stream.until(({ change: { came } }) => came !== undefined);
    expect(change.came?.[0]?.name).toBe(
      String.raw`a\u000A\u000Adata: evil\u000D\u000A\u000D\u000Aid: 7`,
    );
    const text = await (await fetch(`${gateway.url}tree.txt`)).text();
    expect(text.split("\n")).toHaveLength(first.actors.length + 3);
    const metrics = await fetch(`${gateway.url}metrics`);
    expect(metrics.status).toBe(200);
    const { body } = await get<{ children: { name: string }[] }>(`${gateway.url}api/v1/tree`);
    // To machines they go as they were given, but for their length.
    const given = [...names.slice(0, 4), told[4], "a\n\ndata: evil\r\n\r\nid: 7"];
    expect(body.children.map(({ name }) => name)).toEqual(given);
  });

  it("serves the tree to machines: as data, as text, as health, as metrics", async () => {
    const feed = new Puppet("feed", { mailbox: new Mailbox({ capacity: 9 }) });
    const temperature = signal("temperature", () => 20.5, { interval: 10_000 });
    await using gateway = await startGateway({ actors: [feed, temperature] });
    while (temperature.read() === undefined) await new Promise((resolve) => setImmediate(resolve));
    const { url, root } = gateway;
    const { body } = await get<{ children: object[] }>(`${url}api/v1/tree`);
    expect(body).toMatchObject({
      name: "gateway",
      kind: "supervisor",
      status: "running",
      children: [
        { name: "feed", mailbox: { length: 0, capacity: 9 } },
        { name: "temperature", value: { value: 20.5, stale: false } },
      ],
    });
    const text = await (await fetch(`${url}tree.txt`)).text();
    expect(text).toMatch(/^NAME +KIND +STATUS/);
    expect(text).toMatch(/\n├─ feed +puppet +running .* 0\/9/);
    expect(text).toMatch(/\n└─ temperature +signal +ready .* 20\.5 /);
    expect(await get(`${url}healthz`)).toMatchObject({ status: 200, body: { status: "running" } });
    feed.life.ready();
    expect(await get(`${url}healthz`)).toMatchObject({ status: 200, body: { status: "ready" } });
    const metrics = await (await fetch(`${url}metrics`)).text();
    expect(metrics).toContain('sup_actors{status="ready"} 3');
    expect(metrics).toContain('sup_actor_up{path="gateway/feed",kind="puppet"} 1');
    expect(metrics).toContain('sup_mailbox_capacity{path="gateway/feed"} 9');
    await root.stop();
    expect(await get(`${url}healthz`)).toMatchObject({ status: 503, body: { status: "stopped" } });
  });

  it("goes on when what a request asks for fails, and tells its supervisor's logger what", async () => {
    const logged: unknown[] = [];
    const logger: Logger = {
      debug() {},
      info() {},
      warn() {},
      error: (bindings, message) => logged.push([(bindings["error"] as Error).message, message]),
      child: () => logger,
    };
    await using gateway = await startGateway();
    const { root } = gateway;
    const dashboard = new Dashboard("other", {
      root,
      port: 0,
      auth: () => {
        throw new Error("no such user");
      },
    });
    const shell = new Supervisor("shell", { actors: [dashboard], logger });
    shell.start();
    while (dashboard.url === undefined) await new Promise((resolve) => setImmediate(resolve));
    expect(await get(`${dashboard.url}healthz`)).toMatchObject({
      status: 500,
      body: { message: "Cannot tell who you are" },
    });
    expect(logged).toEqual([["no such user", "auth failed"]]);
    await shell.stop();
  });
});
