import { Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import { describe, expect, it } from "vitest";
import { treeText } from "../../../src/lib/server/machines/tree-text.ts";
import { treeOf } from "../../../src/lib/server/machines/tree.ts";

describe("treeOf", () => {
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
