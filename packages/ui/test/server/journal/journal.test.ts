import { computed, signal } from "@sup/bus";
import { Mailbox, Supervisor, type SupervisorOptions, task } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Journal } from "../../../src/lib/server/journal/journal.ts";
import { lastTrouble } from "../../../src/lib/server/journal/last-trouble.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

function observed(options: SupervisorOptions): { root: Supervisor; journal: Journal } {
  const root = new Supervisor("gateway", { policy: "permanent", restartDelay: 100, ...options });
  const journal = new Journal(() => root);
  root.observe(journal);
  root.start();
  return { root, journal };
}

function lines(journal: Journal, since = 0): string[] {
  return journal.since(since).map(({ type, path, why }) => `${type} ${path.join("/")}: ${why}`);
}

/** Lets what is pending come about, and `ms` go by. */
const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

const refused = new Error("connect ECONNREFUSED 127.0.0.1:9000");

describe("Journal", () => {
  it("tells the life of an actor, with its numbers", async () => {
    const feed = new Puppet("feed");
    const { root, journal } = observed({
      actors: [feed],
      restartDelay: { initial: 100, jitter: 0 },
    });
    feed.life.ready();
    feed.life.crash(refused);
    await pass(100);
    await root.stop();
    expect(
      journal.of(feed).map(({ seq, at, type, actor, error, restart, delay }) => ({
        seq,
        at,
        type,
        actor,
        error,
        restart,
        delay,
      })),
    ).toEqual(
      [
        { seq: 1, at: 1_000_000, type: "registered" },
        { seq: 2, at: 1_000_000, type: "started" },
        { seq: 3, at: 1_000_000, type: "ready" },
        { seq: 4, at: 1_000_000, type: "stopped", error: refused.message },
        {
          seq: 5,
          at: 1_000_000,
          type: "restarting",
          error: refused.message,
          restart: 1,
          delay: 100,
        },
        { seq: 6, at: 1_000_100, type: "started" },
        { seq: 7, at: 1_000_100, type: "stopped" },
      ].map((event) => ({
        error: undefined,
        restart: undefined,
        delay: undefined,
        ...event,
        actor: expect.any(Number) as number,
      })),
    );
    expect(Object.fromEntries(journal.totals)).toEqual({
      registered: 1,
      started: 2,
      ready: 1,
      stopped: 2,
      restarting: 1,
    });
  });

  it("says in each event of a group what took it along", async () => {
    const [feed, band, tariff, job] = ["feed", "band", "tariff", "job"].map(
      (name) => new Puppet(name),
    ) as [Puppet, Puppet, Puppet, Puppet];
    const market = new Supervisor("market", {
      actors: [band, feed, tariff, { actor: job, policy: "temporary" }],
      policy: "permanent",
      strategy: "rest-for-one",
      restartDelay: { initial: 100, jitter: 0 },
    });
    const { journal } = observed({ actors: [market] });
    const before = journal.seq;
    feed.life.crash(refused);
    await pass(100);
    expect(lines(journal, before)).toEqual([
      `stopped gateway/market/feed: feed crashed: ${refused.message}`,
      `restarting gateway/market/feed: feed crashed: ${refused.message}; permanent: restart 1 in 100 ms, taking along tariff (rest-for-one)`,
      "stopped gateway/market/job: job stopped for good",
      "stopped gateway/market/tariff: tariff stopped, taken along by feed (rest-for-one)",
      "started gateway/market/feed: feed started again: restart 1",
      "started gateway/market/tariff: tariff started again: restart 1",
    ]);
    expect(lastTrouble(journal.of(tariff))).toContain("feed crashed");
    expect(lastTrouble(journal.of(band))).toBeUndefined();
  });

  it("takes nobody along who has stopped for good, and blames a later end on no group", async () => {
    const [feed, over, band] = [new Puppet("feed"), new Puppet("over"), new Puppet("band")];
    const { root, journal } = observed({ actors: [feed, over, band], strategy: "one-for-all" });
    over.life.finish();
    await pass();
    feed.life.crash(refused);
    await pass(200);
    expect(lines(journal).find((line) => line.startsWith("restarting"))).toContain(
      "taking along band (",
    );
    await root.stop();
    expect(lines(journal).slice(-2)).toEqual([
      "stopped gateway/band: band stopped for good",
      "stopped gateway/feed: feed stopped for good",
    ]);
  });

  it("says who crossed which limit, and what each above made of it", async () => {
    const feed = new Puppet("feed");
    const other = new Puppet("other");
    const limit = { maxRestarts: 1, window: 10_000 };
    const market = new Supervisor("market", {
      actors: [feed, other],
      policy: "permanent",
      restartDelay: 10,
      restartLimit: limit,
    });
    const region = new Supervisor("region", {
      actors: [market],
      policy: "permanent",
      restartDelay: 10,
      restartLimit: limit,
    });
    const { journal } = observed({ actors: [region], restartDelay: { initial: 1_000, jitter: 0 } });
    for (let crashes = 0; crashes < 3; crashes++) {
      feed.life.crash(refused);
      await pass(20);
    }
    feed.life.crash(refused);
    await pass();
    expect(
      lines(journal).filter(
        (line) =>
          /^(terminal|restarting) gateway\/region:/.test(line) ||
          line.startsWith(`terminal gateway/region/market`),
      ),
    ).toEqual([
      `terminal gateway/region/market: feed crossed the limit of 1 restart in 10 s (${refused.message}): supervisor "market" gave up`,
      `terminal gateway/region/market: feed crossed the limit of 1 restart in 10 s (${refused.message}): supervisor "market" gave up`,
      `terminal gateway/region: market crossed the limit of 1 restart in 10 s (${refused.message}): supervisor "region" gave up`,
      `restarting gateway/region: market crossed the limit of 1 restart in 10 s (${refused.message}): supervisor "region" gave up, which "gateway" restarts in 1 s (one-for-one)`,
    ]);
    expect(
      lines(journal)
        .filter((line) => line.startsWith("stopped gateway/region/market/other"))
        .at(-1),
    ).toBe(
      'stopped gateway/region/market/other: other stopped for good, as supervisor "market" gave up',
    );
    for (const actor of [feed, other, market, region]) {
      expect(lastTrouble(journal.of(actor))).toContain('which "gateway" restarts in 1 s');
    }
  });

  it("says that nobody is above when the root itself gives up", async () => {
    const feed = new Puppet("feed");
    const { journal } = observed({
      actors: [feed],
      restartDelay: 0,
      restartLimit: { maxRestarts: 0, window: 1_000 },
    });
    feed.life.crash(refused);
    await pass();
    expect(lines(journal)).toContain(
      `terminal gateway: feed crossed the limit of 0 restarts in 1 s (${refused.message}): supervisor "gateway" gave up, and nobody is above it`,
    );
  });

  it("does not blame an end on what was before the start", async () => {
    const [feed, other] = [new Puppet("feed"), new Puppet("other")];
    const limit = { maxRestarts: 0, window: 1_000 };
    const { root, journal } = observed({
      actors: [feed, other],
      restartDelay: 0,
      restartLimit: limit,
    });
    feed.life.crash(refused);
    await pass();
    expect(lines(journal).at(-1)).toBe(
      'stopped gateway/other: other stopped for good, as supervisor "gateway" gave up',
    );
    root.start();
    await root.stop();
    expect(lines(journal).slice(-2)).toEqual([
      "stopped gateway/other: other stopped for good",
      "stopped gateway/feed: feed stopped for good",
    ]);
  });

  it("tells two supervisors of one name apart", async () => {
    const feeds = [new Puppet("feed"), new Puppet("feed")];
    const markets = feeds.map(
      (feed) =>
        new Supervisor("market", {
          actors: [feed],
          policy: "permanent",
          restartDelay: 0,
          restartLimit: { maxRestarts: 0, window: 1_000 },
        }),
    );
    const { journal } = observed({ actors: markets });
    feeds[1]!.life.crash(refused);
    await pass();
    expect(journal.of(markets[0]!).map(({ type }) => type)).not.toContain("terminal");
    expect(journal.of(markets[1]!).map(({ type }) => type)).toContain("terminal");
  });

  it("tells who was left behind, and which message was never handled", async () => {
    const stuck = new Puppet("stuck", { mailbox: new Mailbox() });
    const { root, journal } = observed({ actors: [{ actor: stuck, shutdownTimeout: 2_000 }] });
    stuck.life.hang();
    const mailbox = stuck.mailbox as Mailbox<{ add(by: number): void }>;
    mailbox.cast("add", 1);
    void root.stop();
    await pass(2_000);
    expect(lines(journal).slice(-2)).toEqual([
      "abandoned gateway/stuck: stuck did not end within 2 s and was left behind; it stays stopped",
      expect.stringMatching(
        /^undelivered gateway\/stuck: message "add" to stuck was never handled: .*stop/,
      ) as string,
    ]);
    stuck.life.end();
  });

  it("knows the path of an actor that is gone already", async () => {
    const { root, journal } = observed({ actors: [new Puppet("other")] });
    const job = new Puppet("job");
    const { id } = root.spawn(job, { policy: "temporary" });
    job.life.crash(refused);
    await pass();
    expect(journal.since(0).at(-1)).toMatchObject({
      type: "stopped",
      actor: id,
      path: ["gateway", "job"],
      why: `job crashed: ${refused.message}; temporary: it stays stopped`,
    });
  });

  it("holds on to no error, which may hold on to whatever failed", async () => {
    vi.useRealTimers();
    const { root, journal } = observed({});
    let socket: WeakRef<object> | undefined;
    const job = (): never => {
      const broken = { socket: true };
      socket = new WeakRef(broken);
      throw new Error("lost", { cause: broken });
    };
    await root.spawn(task("job", job), { policy: "temporary" }).done.then(() => undefined);
    expect(lines(journal).at(-1)).toContain("job crashed: lost");
    await vi.waitFor(() => {
      gc!();
      // What is compared itself would be held on to by the failure.
      expect(socket!.deref() === undefined).toBe(true);
    });
  });

  it("holds on to no value that another one was old because of", async () => {
    vi.useRealTimers();
    const { journal } = observed({});
    let reading: WeakRef<object> | undefined;
    const note = (): void => {
      const from = signal("reading", () => 1);
      const source = { name: "reading", updatedAt: undefined, value: from };
      reading = new WeakRef(from);
      const mean = computed("mean", () => from.read(), [from]);
      journal.noteHealth(mean, { error: undefined, stale: true, source, updatedAt: undefined });
    };
    note();
    await vi.waitFor(() => {
      gc!();
      expect(reading!.deref() === undefined).toBe(true);
    });
    expect(lines(journal).at(-1)).toContain("mean is old, as reading is old");
  });

  it("begins a path with the root that is shown, also when that has a supervisor itself", () => {
    const feed = new Puppet("feed");
    const shown = new Supervisor("gateway", { actors: [feed] });
    const journal = new Journal(() => shown);
    shown.observe(journal);
    new Supervisor("top", { actors: [shown] }).start();
    expect(journal.of(feed)[0]?.path).toEqual(["gateway", "feed"]);
  });

  it("keeps the last 1,000 events, and the last 50 of an actor", async () => {
    const busy = task("busy", () => {});
    const { root, journal } = observed({ actors: [busy, new Puppet("calm")], restartDelay: 0 });
    await pass(1_000);
    await root.stop();
    const events = journal.since(0);
    expect(events).toHaveLength(1_000);
    expect(events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => journal.seq - 999 + index),
    );
    expect(journal.of(busy)).toHaveLength(50);
    expect(journal.since(journal.seq - 3)).toHaveLength(3);
    expect(journal.since(journal.seq)).toEqual([]);
  });

  it("keeps no more than 10,000 events of single actors, those of who was calm longest going first", async () => {
    const { root, journal } = observed({ autoShutdown: "never" });
    const first = new Puppet("first");
    root.spawn(first);
    const jobs = Array.from({ length: 6_000 }, (_, index) => new Puppet(`job ${index}`));
    for (const job of jobs) root.spawn(job);
    expect(journal.of(first)).toEqual([]);
    const kept = jobs.map((job) => journal.of(job).length).reduce((sum, length) => sum + length, 0);
    expect(kept).toBeLessThanOrEqual(10_000);
    expect(kept).toBeGreaterThan(9_990);
    expect(journal.of(jobs.at(-1)!).map(({ type }) => type)).toEqual(["registered", "started"]);
    first.life.crash(refused);
    await pass();
    expect(journal.of(first).map(({ type }) => type)).toEqual(["stopped", "restarting"]);
  });
});
