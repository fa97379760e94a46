import { describe, expect, it } from "vitest";
import {
  problemOf,
  problemOfValue,
  problemText,
  problemTextOfValue,
} from "../../src/lib/model/problems.ts";
import type { ActorState, ValueState } from "../../src/lib/model/wire.ts";

const now = 1_000_000;

function actor(fields: Partial<ActorState>): ActorState {
  return { id: 1, parent: 0, name: "pump", kind: "actor", status: "ready", restarts: 0, ...fields };
}

function value(fields: Partial<ValueState>): ValueState {
  return { id: 0, name: "flow", kind: "computed", type: "number", ...fields };
}

describe("problemOf", () => {
  it("is the worst of what is wrong", () => {
    const lost = { undelivered: 1, undeliveredAt: now };
    const full = { ...lost, queued: 9, capacity: 10 };
    const stalled = { ...full, oldestAt: now - 5_001 };
    expect(
      [
        actor({}),
        actor({ stale: true }),
        actor({ ...lost, stale: true }),
        actor(full),
        actor(stalled),
        actor({ ...stalled, budget: { used: 3, max: 5, window: 10_000 } }),
        actor({ ...stalled, valueError: "no answer" }),
        actor({ ...stalled, valueError: "no answer", status: "waiting" }),
      ].map((one) => problemOf(one, now)),
    ).toEqual([
      undefined,
      "stale",
      "undelivered",
      "mailbox",
      "stalled",
      "restart budget",
      "failed",
      "backing off",
    ]);
  });

  it("tells a root that nobody started from one that starts, and from an actor whose turn comes later", () => {
    const { parent: _, ...root } = actor({ kind: "supervisor", status: "starting" });
    expect(problemOf(root, now)).toBe("not started");
    expect(problemText("not started", root, now)).toBe("nobody has started it");
    expect(problemOf({ ...root, startedAt: now }, now)).toBeUndefined();
    expect(problemOf({ ...root, parent: 0 }, now)).toBeUndefined();
  });
});

describe("problemText", () => {
  it("counts messages that were never handled", () => {
    const one = actor({ undelivered: 1, undeliveredAt: now - 12_000 });
    expect(problemText("undelivered", one, now)).toBe(
      "1 message was never handled, the last 12 s ago",
    );
    const two = actor({ undelivered: 2, undeliveredAt: now });
    expect(problemText("undelivered", two, now)).toBe(
      "2 messages were never handled, the last 0 s ago",
    );
  });

  it("says of one that waits for its restart what ended it: its crash, or who took it along", () => {
    const waiting = actor({ status: "waiting", restartsAt: now + 1_200 });
    expect(problemText("backing off", waiting, now)).toBe("restarts in 1.2 s");
    expect(problemText("backing off", { ...waiting, lastError: "stuck" }, now)).toBe(
      "restarts in 1.2 s · stuck",
    );
    expect(problemText("backing off", { ...waiting, because: "taken along by feed" }, now)).toBe(
      "restarts in 1.2 s · taken along by feed",
    );
  });
});

describe("problemText of an actor that is a value", () => {
  it("says why its update failed, and no error that the actor recovered from", () => {
    const failed = actor({ valueError: "no answer", lastError: "long ago" });
    expect(problemText("failed", failed, now)).toBe("no answer");
    expect(problemText("failed", { ...failed, status: "failed" }, now)).toBe("long ago");
  });

  it("says since when there is no update, or which other value is why", () => {
    const silent = actor({ stale: true, updatedAt: now - 6_000 });
    expect(problemText("stale", silent, now)).toBe("no update for 6 s");
    expect(problemText("stale", actor({ stale: true }), now)).toBe("never updated");
    const derived = { ...silent, staleFrom: "price", cause: "old because of price" };
    expect(problemText("stale", derived, now)).toBe("old because of price");
  });
});

describe("problemTextOfValue", () => {
  it("says what failed, or what it comes from that no longer comes", () => {
    const [failed, derived, silent] = [
      value({ error: "no answer", stale: true }),
      value({ stale: true, cause: "from reading: no answer" }),
      value({ stale: true, updatedAt: now - 6_000 }),
    ];
    expect([failed, derived, silent].map((one) => problemOfValue(one))).toEqual([
      "failed",
      "stale",
      "stale",
    ]);
    expect([failed, derived, silent].map((one) => problemTextOfValue(one, now))).toEqual([
      "no answer",
      "from reading: no answer",
      "no update for 6 s",
    ]);
  });
});
