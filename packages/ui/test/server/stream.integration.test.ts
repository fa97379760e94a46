import { once } from "node:events";
import { signal } from "@sup/bus";
import { Mailbox, Supervisor, task } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import type { PageChange, PageSnapshot } from "../../src/lib/model/wire.ts";
import { startGateway } from "../rig/gateway.ts";
import { Mirror } from "../rig/mirror.ts";
import { RawClient } from "../rig/raw-client.ts";
import { snapshotOf, Stream } from "../rig/stream.ts";
import { within } from "../rig/within.ts";

/** More than the buffers of the system take, told in one change: rows of 1,300 bytes. */
function flood(root: Supervisor): void {
  const jobs = new Supervisor("jobs");
  root.spawn(jobs, { policy: "temporary" });
  const name = "温".repeat(199);
  for (let index = 0; index < 10_000; index++) {
    const job = task(name, async ({ signal }) => void (await once(signal, "abort")));
    jobs.spawn(Object.assign(job, { kind: name }));
  }
}

function mirrorOf(first: PageSnapshot, stream: Stream): Mirror {
  const mirror = Mirror.of(first);
  for (const { change } of stream.events) mirror.apply(change);
  return mirror;
}

describe("the stream of a Dashboard", () => {
  it("goes on where the snapshot ended, and leads to the truth", async () => {
    const feed = new Puppet("feed");
    let celsius = 20;
    const temperature = signal("temperature", () => celsius, { interval: 10 });
    await using gateway = await startGateway(
      { actors: [feed, temperature], restartDelay: 20, policy: "permanent" },
      { observe: [temperature] },
    );
    const { url, root } = gateway;
    const first = await snapshotOf(url);
    const mirror = Mirror.of(first);
    feed.life.crash(new Error("boom"));
    celsius = 21;
    using stream = await Stream.open(url, first.id);
    await stream.until(
      ({ change }) => change.actors?.some(({ restarts }) => restarts === 1) ?? false,
    );
    const child = root.spawn(new Puppet("late"), { policy: "temporary" });
    await stream.until(({ change }) => change.came?.some(({ name }) => name === "late") ?? false);
    await child.stop();
    await stream.until(({ change }) => change.gone?.includes(child.id) ?? false);
    for (const { change } of stream.events) mirror.apply(change);
    const now = await snapshotOf(url);
    // The value and its age go on changing; all else is as it was.
    const withoutAge = (state: unknown): unknown =>
      JSON.parse(JSON.stringify(state, (key, value: unknown) => (key === "updatedAt" ? 0 : value)));
    expect(withoutAge(mirror.state)).toEqual(withoutAge(Mirror.of(now).state));
    expect([...mirror.events].slice(-8)).toEqual(now.events.map(({ seq }) => seq).slice(-8));
    expect(mirror.values.get(0)).toMatchObject({ name: "temperature", type: "number", text: "21" });
  });

  it("tells a change at most two ticks after it came about", async () => {
    const feed = new Puppet("feed");
    await using gateway = await startGateway({ actors: [feed] });
    using stream = await Stream.open(gateway.url, (await snapshotOf(gateway.url)).id);
    feed.life.ready();
    const told = stream.until(
      ({ change }) => change.actors?.some(({ status }) => status === "ready") ?? false,
    );
    await expect(within(500, told)).resolves.toMatchObject({ type: "change" });
  });

  it("tells who comes back all that it has missed, in one change", async () => {
    const feed = new Puppet("feed");
    await using gateway = await startGateway(
      { actors: [feed], restartDelay: 0, policy: "permanent" },
      { tick: 100 },
    );
    using witness = await Stream.open(gateway.url, (await snapshotOf(gateway.url)).id);
    const { id } = await snapshotOf(gateway.url);
    for (let restarts = 1; restarts <= 3; restarts++) {
      feed.life.crash(new Error(`boom ${restarts}`));
      await witness.until(
        ({ change }) => change.actors?.some((row) => row.restarts === restarts) ?? false,
      );
    }
    // The header of a browser that connects anew goes before the address that it began with.
    using back = await Stream.open(gateway.url, "nonsense:1", { "last-event-id": id });
    const { change } = await back.until(({ type }) => type === "change");
    const row = change.actors?.find(({ restarts }) => restarts !== undefined);
    expect(row).toMatchObject({ restarts: 3, lastError: "boom 3" });
    expect(change.events?.filter(({ type }) => type === "restarting")).toHaveLength(3);
  });

  it.each(["", "nonsense", "nonsense:1", ":", "OTHER:0", "%00:1"])(
    "tells who comes with %j to take a new snapshot",
    async (id) => {
      await using gateway = await startGateway();
      using stream = await Stream.open(gateway.url, id);
      const event = await stream.until(() => true);
      expect(event.type).toBe("resync");
      expect(event.id).toMatch(/^[\w-]{12}:\d+$/);
    },
  );

  it("tells who comes from the process before to take a new snapshot, also with a number that is known", async () => {
    const { id } = await (async () => {
      await using gateway = await startGateway();
      return await snapshotOf(gateway.url);
    })();
    await using gateway = await startGateway();
    using stream = await Stream.open(gateway.url, id);
    expect((await stream.until(() => true)).type).toBe("resync");
    const { id: now } = await snapshotOf(gateway.url);
    expect(now.split(":")[0]).not.toBe(id.split(":")[0]);
  });

  it("tells who knows what never was to take a new snapshot", async () => {
    await using gateway = await startGateway();
    const { id } = await snapshotOf(gateway.url);
    const [epoch, seq] = id.split(":");
    using ahead = await Stream.open(gateway.url, `${epoch}:${Number(seq) + 1_000}`);
    expect((await ahead.until(() => true)).type).toBe("resync");
  });

  it("skips what a viewer does not take, and leads it to the truth in one change when it reads on", async () => {
    const mailbox = new Mailbox<{ add(by: number): void }>();
    const worker = new Puppet("worker", { mailbox });
    await using gateway = await startGateway({ actors: [worker] }, { tick: 100 });
    const first = await snapshotOf(gateway.url);
    using slow = await Stream.open(gateway.url, first.id);
    using witness = await Stream.open(gateway.url, first.id);
    slow.response.pause();
    flood(gateway.root);
    for (let queued = 1; queued <= 10; queued++) {
      mailbox.cast("add", 1);
      await witness.until(
        ({ change }) => change.actors?.some((row) => row.queued === queued) ?? false,
      );
    }
    slow.response.resume();
    await slow.until(({ change }) => change.actors?.some((row) => row.queued === 10) ?? false);
    expect(slow.events.map(({ type }) => type)).not.toContain("resync");
    // The first that it was told was the flood, the rest came as one.
    const queues = slow.events.flatMap(
      ({ change }) => change.actors?.map(({ queued }) => queued) ?? [],
    );
    expect(queues.filter((queued) => queued !== undefined).length).toBeLessThan(5);
    expect(mirrorOf(first, slow).state).toEqual(mirrorOf(first, witness).state);
  });

  it("shows itself what it costs", async () => {
    const mailbox = new Mailbox<{ add(by: number): void }>();
    const worker = new Puppet("worker", { mailbox });
    await using gateway = await startGateway({ actors: [worker] });
    const { id } = await snapshotOf(gateway.url);
    using one = await Stream.open(gateway.url, id);
    using other = await Stream.open(gateway.url, id);
    const isTold = ({ self }: PageChange): boolean => self?.viewers === 2 && self.bytes > 0;
    while (!other.events.some(({ change }) => isTold(change))) {
      mailbox.cast("add", 1);
      await other.next();
    }
    const self = other.events.map(({ change }) => change).find(isTold)?.self;
    expect(self).toMatchObject({ viewers: 2, skipped: 0 });
    expect(self?.cpu).toBeLessThan(0.5);
    expect(one.events.length).toBeGreaterThan(0);
  });

  it("takes 50 viewers, and tells the next to come later", async () => {
    await using gateway = await startGateway({}, { maxViewersPerAddress: 50 });
    const { id } = await snapshotOf(gateway.url);
    const streams = await Promise.all(
      Array.from({ length: 50 }, () => Stream.open(gateway.url, id)),
    );
    using refused = await Stream.open(gateway.url, id);
    expect(refused.response.statusCode).toBe(503);
    expect(refused.response.headers["retry-after"]).toBe("5");
    streams[0]![Symbol.dispose]();
    await streams[0]!.end();
    let status: number | undefined = 503;
    while (status === 503) {
      using next = await Stream.open(gateway.url, id);
      status = next.response.statusCode;
    }
    expect(status).toBe(200);
    for (const stream of streams) stream[Symbol.dispose]();
  });

  it("takes half as many of one address, and tells the next so, while others get in", async () => {
    await using gateway = await startGateway({}, { maxViewers: 4 });
    const { id } = await snapshotOf(gateway.url);
    using first = await Stream.open(gateway.url, id);
    using second = await Stream.open(gateway.url, id);
    const refused = await fetch(`${gateway.url}api/v1/stream?after=${id}`);
    expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([
      429,
      "5",
      { message: "Cannot show: 2 viewers of your address look already" },
    ]);
    using other = await Stream.open(gateway.url, id, {}, "127.0.0.9");
    expect(other.response.statusCode).toBe(200);
    first[Symbol.dispose]();
    let status: number | undefined = 429;
    while (status === 429) {
      using next = await Stream.open(gateway.url, id);
      status = next.response.statusCode;
    }
    expect([status, second.response.statusCode]).toEqual([200, 200]);
  });

  it("forgets a viewer whose connection broke, or that has closed its half of it", async () => {
    await using gateway = await startGateway({}, { maxViewers: 1 });
    const freed = async (): Promise<void> => {
      let status: number | undefined = 503;
      while (status === 503) {
        using next = await Stream.open(gateway.url);
        status = next.response.statusCode;
      }
      expect(status).toBe(200);
    };
    using broken = await RawClient.connect(gateway.url);
    broken.ask("GET /api/v1/stream HTTP/1.1");
    await broken.until("retry: 1000");
    broken.socket.resetAndDestroy();
    await freed();
    using half = await RawClient.connect(gateway.url);
    while (!half.text.includes("retry: 1000")) {
      half.text = "";
      half.ask("GET /api/v1/stream HTTP/1.1");
      await half.until("\r\n\r\n");
    }
    half.socket.end();
    await freed();
  });

  it("ends all streams within 100 ms when it is stopped, one that nobody reads too", async () => {
    const mailbox = new Mailbox<{ add(by: number): void }>({ capacity: 100_000 });
    const worker = new Puppet("worker", { mailbox });
    await using gateway = await startGateway({ actors: [worker] }, { tick: 100 });
    using stalled = await Stream.open(gateway.url, (await snapshotOf(gateway.url)).id);
    using witness = await Stream.open(gateway.url, (await snapshotOf(gateway.url)).id);
    stalled.response.pause();
    flood(gateway.root);
    while (!witness.events.some(({ change }) => (change.self?.skipped ?? 0) > 0)) {
      mailbox.cast("add", 1);
      await witness.next();
    }
    const { id } = await snapshotOf(gateway.url);
    const streams = await Promise.all(
      Array.from({ length: 20 }, () => Stream.open(gateway.url, id)),
    );
    const stopped = gateway.shell.stop();
    await within(100, Promise.all([stopped, ...streams.map((stream) => stream.end())]));
    expect(streams.every(({ response }) => response.complete)).toBe(true);
    expect(gateway.dashboard.url).toBeUndefined();
    stalled.response.resume();
    await stalled.end();
    expect(stalled.response.complete).toBe(false);
  });

  it("reads nothing while nobody looks", async () => {
    const feed = new Puppet("feed", { mailbox: new Mailbox() });
    let reads = 0;
    const { mailbox } = feed;
    Object.defineProperty(feed, "mailbox", {
      get() {
        if (new Error("where").stack?.includes("actor-row")) reads++;
        return mailbox;
      },
    });
    await using gateway = await startGateway({ actors: [feed] }, { tick: 100 });
    const first = await snapshotOf(gateway.url);
    {
      using stream = await Stream.open(gateway.url, first.id);
      feed.life.ready();
      await stream.until(({ change }) => change.actors !== undefined);
      expect(reads).toBeGreaterThan(0);
    }
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((type) => type === "Timeout").length;
    using next = await Stream.open(gateway.url, first.id);
    const running = timers();
    next[Symbol.dispose]();
    await next.end();
    while (timers() >= running) await new Promise((resolve) => setImmediate(resolve));
    const before = reads;
    await once(AbortSignal.timeout(500), "abort");
    expect(reads).toBe(before);
  });

  it("shows a tree that is stopped and started again as it is then", async () => {
    const feed = new Puppet("feed");
    await using gateway = await startGateway({ actors: [feed] }, { tick: 100 });
    const first = await snapshotOf(gateway.url);
    using stream = await Stream.open(gateway.url, first.id);
    await gateway.root.stop();
    await stream.until(
      ({ change }) =>
        change.actors?.some(({ id, status }) => id === 0 && status === "stopped") ?? false,
    );
    gateway.root.start();
    await stream.until(({ change }) => change.came?.some(({ name }) => name === "feed") ?? false);
    const truth = await snapshotOf(gateway.url);
    await stream.until(({ id }) => Number(id.split(":")[1]) >= Number(truth.id.split(":")[1]));
    expect(mirrorOf(first, stream).state).toEqual(Mirror.of(truth).state);
  });

  it("shows the tree that the dashboard itself is in", async () => {
    const { Dashboard } = await import("../../src/index.ts");
    const dashboard = new Dashboard("dashboard", { root: () => root, port: 0 });
    const root: Supervisor = new Supervisor("root", { actors: [new Puppet("feed"), dashboard] });
    root.start();
    while (dashboard.url === undefined) await new Promise((resolve) => setImmediate(resolve));
    const { actors } = await snapshotOf(dashboard.url);
    expect(actors.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      "root: supervisor",
      "feed: puppet",
      "dashboard: dashboard",
    ]);
    using stream = await Stream.open(dashboard.url);
    await root.stop();
    await stream.end();
    expect(root.status).toBe("stopped");
  });
});
