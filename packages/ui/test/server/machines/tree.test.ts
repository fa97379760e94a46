import { once } from "node:events";
import type { Status } from "@sup/bus";
import { type Actor, type ActorContext, Supervisor, task } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { treeText } from "../../../src/lib/server/machines/tree-text.ts";
import { treeOf } from "../../../src/lib/server/machines/tree.ts";

/** A value whose status a test sets. */
function value(name: string, status: Partial<Status<unknown>>, dependencies: Actor[] = []): Actor {
  const run = ({ signal }: ActorContext): Promise<void> => once(signal, "abort").then(() => {});
  return Object.assign(task(name, run), { status: () => status, dependencies });
}

describe("treeOf", () => {
  it("says whom a stale value has it from, and since when, as its table does", async () => {
    const silent = value("silent", { value: 1, stale: true, updatedAt: 40_000 });
    const failed = value("failed ", {
      stale: true,
      updatedAt: 50_000,
      error: new Error("no answer"),
    });
    const never = value("never", { stale: true });
    const both = value("both", { value: 3, stale: true, updatedAt: 59_000 }, [silent, failed]);
    const late = value("late", { value: 4, stale: true, updatedAt: 59_500 }, [never]);
    const fresh = value("fresh", { value: 2, stale: false, updatedAt: 60_000 });
    const root = new Supervisor("gateway", { actors: [silent, failed, never, both, late, fresh] });
    root.start();
    const tree = treeOf(root, 60_000, undefined);
    expect(
      tree.children?.map(({ value: { stale, staleFrom, staleSince } = {} }) => [
        stale,
        staleFrom,
        staleSince,
      ]),
    ).toEqual([
      [true, undefined, 40_000],
      [true, undefined, 50_000],
      [true, undefined, undefined],
      [true, "failed ", 50_000],
      [true, "never", undefined],
      [false, undefined, undefined],
    ]);
    const lines = treeText(tree, 60_000).split("\n");
    const cells = lines.slice(2, 8).map((line) => line.split(/ {2,}/).slice(5, 7).join("|"));
    expect(cells).toEqual([
      "1|20 s, stale",
      "10 s, stale|no answer",
      "never, stale",
      String.raw`3|1 s, stale: failed\u0020 is 10 s old`,
      "4|500 ms, stale: never was never updated",
      "2|0 ms",
    ]);
    await root.stop();
  });

  it("says what is behind an error, as its table does", async () => {
    const feed = new Puppet("feed");
    const root = new Supervisor("gateway", {
      actors: [{ actor: feed, policy: "temporary" }],
      autoShutdown: "never",
    });
    root.start();
    const cause = new Error("connect ECONNREFUSED 127.0.0.1:9000");
    feed.life.crash(new TypeError("fetch failed", { cause }));
    while (root.children[0]?.status === "running") {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const tree = treeOf(root, Date.now(), undefined);
    const message = "fetch failed: connect ECONNREFUSED 127.0.0.1:9000";
    expect(tree.children?.[0]?.lastError?.message).toBe(message);
    expect(treeText(tree, Date.now())).toContain(message);
    await root.stop();
  });
});
