import { type Inspectable, signal } from "@sup/bus";
import { Mailbox, Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { Feed } from "../../../src/lib/server/feed/feed.ts";
import { Metrics } from "../../../src/lib/server/machines/metrics.ts";

async function linesOf(
  root: Supervisor,
  act: () => Promise<void> | void = () => {},
  observe: readonly Inspectable<unknown>[] = [],
): Promise<string[]> {
  const feed = new Feed({ root, observe, tick: 250, redact: undefined });
  const metrics = new Metrics(feed);
  feed.start(() => {});
  root.start();
  await act();
  // Asked for twice, it says the same.
  await metrics.text();
  const text = await metrics.text();
  feed.stop();
  await root.stop();
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("Metrics", () => {
  it("counts actors by status and events by type", async () => {
    const root = new Supervisor("gateway", { actors: [new Puppet("a"), new Puppet("b")] });
    const lines = await linesOf(root);
    expect(lines).toEqual(
      expect.arrayContaining([
        'sup_actors{status="running"} 3',
        'sup_actors{status="failed"} 0',
        'sup_events_total{type="registered"} 2',
        'sup_events_total{type="started"} 2',
        "sup_actors_omitted 0",
        "sup_dashboard_viewers 0",
      ]),
    );
  });

  it("tells of each actor whether it is up, its restarts, its mailbox and its restart budget", async () => {
    const feed = new Puppet("feed", { mailbox: new Mailbox({ capacity: 5 }) });
    const root = new Supervisor("gateway", {
      actors: [
        {
          actor: feed,
          policy: "permanent",
          restartDelay: 0,
          restartLimit: { maxRestarts: 4, window: 60_000 },
        },
      ],
    });
    const lines = await linesOf(root, async () => {
      (feed.mailbox as Mailbox<{ add(by: number): void }>).cast("add", 1);
      feed.life.crash(new Error("boom"));
      while (feed.lives.length < 2) await new Promise((resolve) => setImmediate(resolve));
    });
    expect(lines.filter((line) => line.includes('path="gateway/feed"'))).toEqual([
      'sup_actor_up{path="gateway/feed",kind="puppet"} 1',
      'sup_actor_restarts_total{path="gateway/feed"} 1',
      'sup_mailbox_messages{path="gateway/feed"} 1',
      'sup_mailbox_capacity{path="gateway/feed"} 5',
      'sup_mailbox_handled_total{path="gateway/feed"} 0',
      'sup_restart_budget_used{path="gateway/feed"} 0.25',
    ]);
  });

  it("numbers twins, and escapes what separates names, so that no two actors share a series", async () => {
    const below = new Supervisor("a", { actors: [new Puppet("b")] });
    const twins = [1, 2].map(() => new Puppet("same", { mailbox: new Mailbox({ capacity: 5 }) }));
    const root = new Supervisor("gateway", {
      actors: [below, new Puppet("a/b"), ...twins, new Puppet("same#2"), new Puppet("a%2Fb")],
    });
    const lines = await linesOf(root);
    const paths = lines.flatMap((line) => /^sup_actor_up{path="(.*)",kind/.exec(line)?.[1] ?? []);
    expect(paths).toEqual([
      "gateway",
      "gateway/a",
      "gateway/a/b",
      "gateway/a%2Fb",
      "gateway/same",
      "gateway/same#2",
      "gateway/same%232",
      "gateway/a%252Fb",
    ]);
    expect(lines).toContain('sup_mailbox_capacity{path="gateway/same#2"} 5');
  });

  it("tells of each value whether it failed or is stale, and counts problems once", async () => {
    const good = signal("good", () => 1, { staleAfter: 60_000 });
    const broken = signal("broken", () => {
      throw new Error("no answer");
    });
    const apart = {
      name: "apart",
      kind: "signal",
      dependencies: [],
      updates: 0,
      status: () => ({ value: 1, updatedAt: 1, error: undefined, stale: true }),
    };
    const root = new Supervisor("gateway", { actors: [good, broken] });
    const lines = await linesOf(root, async () => {
      while (broken.status().error === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }, [broken, apart]);
    expect(lines.filter((line) => /^sup_value|^sup_problems.*[1-9]$/.test(line))).toEqual([
      'sup_problems{kind="failed"} 1',
      'sup_problems{kind="stale"} 1',
      'sup_value_failed{path="gateway/good"} 0',
      'sup_value_failed{path="gateway/broken"} 1',
      'sup_value_failed{path="apart"} 0',
      'sup_value_stale{path="gateway/good"} 0',
      'sup_value_stale{path="gateway/broken"} 0',
      'sup_value_stale{path="apart"} 1',
    ]);
  });

  it("has series for the first 1,000 actors, and counts the others", async () => {
    const root = new Supervisor("gateway", {
      actors: Array.from({ length: 1_500 }, (_, index) => new Puppet(`p${index}`)),
    });
    const lines = await linesOf(root);
    expect(lines.filter((line) => line.startsWith("sup_actor_up"))).toHaveLength(1_000);
    expect(lines).toContain("sup_actors_omitted 501");
    expect(lines).toContain('sup_actors{status="running"} 1501');
  });

  it("bears names that labels must not have as they are", async () => {
    const root = new Supervisor("gateway", { actors: [new Puppet('a"b\nc\\d')] });
    expect(await linesOf(root)).toContain(
      'sup_actor_up{path="gateway/a\\"b\\nc\\\\d",kind="puppet"} 1',
    );
  });

  it("is no part of the registry that a program has itself", async () => {
    const { register } = await import("prom-client");
    await linesOf(new Supervisor("gateway"));
    expect(register.getMetricsAsArray()).toEqual([]);
  });
});
