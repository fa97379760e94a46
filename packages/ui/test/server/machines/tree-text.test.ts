import { describe, expect, it } from "vitest";
import { treeText } from "../../../src/lib/server/machines/tree-text.ts";
import type { TreeNode } from "../../../src/lib/server/machines/tree.ts";

const root: TreeNode = {
  id: 0,
  name: "gateway",
  kind: "supervisor",
  status: "ready",
  restarts: 0,
  startedAt: 0,
};

function child(node: Partial<TreeNode>): TreeNode {
  return { id: 1, name: "feed", kind: "actor", status: "ready", restarts: 0, ...node };
}

/** The line of one node in a tree of its own. */
function lineOf(node: Partial<TreeNode>, now = 62_000): string {
  return treeText({ ...root, children: [child(node)] }, now)
    .split("\n")[2]!
    .replaceAll(/ {2,}/g, "  ");
}

describe("treeText", () => {
  it("draws a table with a branch for each node", () => {
    const market = child({
      name: "market",
      kind: "supervisor",
      children: [child({ name: "a" }), child({ name: "b" })],
    });
    const text = treeText(
      { ...root, children: [market, child({ name: "c", status: "waiting", restarts: 12 })] },
      4_200,
    );
    expect(text).toBe(
      [
        "NAME       KIND        STATUS   UP     RESTARTS  MAILBOX  VALUE  AGE  LAST ERROR",
        "gateway    supervisor  ready    4.2 s  0",
        "├─ market  supervisor  ready           0",
        "│  ├─ a    actor       ready           0",
        "│  └─ b    actor       ready           0",
        "└─ c       actor       waiting         12",
        "",
      ].join("\n"),
    );
  });

  it.each<[Partial<TreeNode>, string]>([
    [
      { startedAt: 0, mailbox: { length: 3, capacity: 10, handled: 7 } },
      "└─ feed  actor  ready  1 m 02 s  0  3/10",
    ],
    [
      { status: "failed", startedAt: 0, lastError: { message: "boom\nat work" } },
      "└─ feed  actor  failed  0  boom",
    ],
    [
      { value: { value: 20.123456, age: 400, stale: false } },
      "└─ feed  actor  ready  0  20.1235  400 ms",
    ],
    [
      { value: { value: { celsius: 20.5, heating: true, at: { a: 1 } }, age: 9_000, stale: true } },
      "└─ feed  actor  ready  0  celsius 20.5, heating true, at …  9 s, stale",
    ],
    [
      { value: { value: 1_234_567, age: 0, stale: false } },
      "└─ feed  actor  ready  0  1,234,567  0 ms",
    ],
    [
      { value: { value: 0.00042, age: 0, stale: false } },
      "└─ feed  actor  ready  0  0.00042  0 ms",
    ],
    [
      { value: { value: [0, 1_234_567.25, 1e-300], age: 0, stale: false } },
      "└─ feed  actor  ready  0  [0, 1234567, 1e-300]  0 ms",
    ],
    [
      { value: { error: "no answer", stale: true } },
      "└─ feed  actor  ready  0  never, stale  no answer",
    ],
    [
      { value: { value: "text", age: 0, stale: false }, lastError: { message: "before" } },
      "└─ feed  actor  ready  0  text  0 ms  before",
    ],
    [{ name: "x".repeat(100) }, `└─ ${"x".repeat(37)}…${"x".repeat(39)}  actor  ready  0`],
    [{ name: "\u001B[31m\u202Ered" }, "└─ \\u001B[31m\\u202Ered  actor  ready  0"],
  ])("writes %j in one line", (node, line) => {
    expect(lineOf(node)).toBe(line);
  });

  it("bears a tree of many", () => {
    const children = Array.from({ length: 200_000 }, (_, id) => child({ id }));
    expect(treeText({ ...root, children }, 0).split("\n")).toHaveLength(200_003);
  });
});
