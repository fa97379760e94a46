import { describe, expect, it } from "vitest";
import { treeText } from "../../src/text/tree-text.ts";
import type { TreeNode } from "../../src/tree/tree.ts";

const now = 1_000_000;

describe("treeText", () => {
  it("draws the tree as a table", () => {
    const root = node("gateway", {
      kind: "supervisor",
      startedAt: now - 62_000,
      children: [
        node("device", {
          kind: "supervisor",
          startedAt: now - 62_000,
          children: [
            node("simulator", {
              startedAt: now - 4_200,
              restarts: 1,
              lastError: { message: "Power cut" },
            }),
            node("modbus", {
              kind: "modbus",
              status: "waiting",
              startedAt: now - 900,
              restarts: 12,
              mailbox: { length: 2, capacity: 64 },
              lastError: { message: "Lost the connection\nand more", stack: "…" },
            }),
          ],
        }),
        node("level", {
          kind: "signal",
          startedAt: now - 5_000,
          value: { value: 7.000_04, age: 4_010, error: "no answer", stale: true },
        }),
        node("reading", {
          kind: "throttle",
          startedAt: now - 5_000,
          value: {
            value: { celsius: 60.099_999, heating: true, at: 12_345_678 },
            age: 20,
            stale: false,
          },
        }),
        node("valve", { kind: "trigger", startedAt: now - 5_000, value: { stale: false } }),
        node("http", { kind: "task", startedAt: now - 61_000 }),
      ],
    });
    expect(treeText(root, now)).toBe(
      [
        "NAME             KIND        STATUS   UP        RESTARTS  MAILBOX  VALUE                             AGE           LAST ERROR",
        "gateway          supervisor  ready    1 m 02 s  0",
        "├─ device        supervisor  ready    1 m 02 s  0",
        "│  ├─ simulator  actor       ready    4.2 s     1                                                                  Power cut",
        "│  └─ modbus     modbus      waiting            12        2/64                                                     Lost the connection",
        "├─ level         signal      ready    5.0 s     0                  7                                 4.0 s, stale  no answer",
        "├─ reading       throttle    ready    5.0 s     0                  celsius 60.1, heating true, at …  20 ms",
        "├─ valve         trigger     ready    5.0 s     0                                                    never",
        "└─ http          task        ready    1 m 01 s  0",
        "",
      ].join("\n"),
    );
  });

  it("is two lines when there is only a root that has not started", () => {
    const text = treeText(node("gateway", { kind: "supervisor", status: "starting" }), now);
    expect(text).toBe(
      "NAME     KIND        STATUS    UP  RESTARTS  MAILBOX  VALUE  AGE  LAST ERROR\n" +
        "gateway  supervisor  starting      0\n",
    );
  });
});

function node(name: string, rest: Partial<TreeNode>): TreeNode {
  return { id: 0, name, kind: "actor", status: "ready", restarts: 0, ...rest };
}
