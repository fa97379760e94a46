import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemOf } from "../../../src/lib/model/problems.ts";
import type { ActorState } from "../../../src/lib/model/wire.ts";
import { actorRow, type ActorRow } from "../../../src/page/model/row.ts";
import { parseSearch } from "../../../src/page/model/search.ts";

const now = 10_000_000;

function row(state: Partial<ActorState>, parent?: ActorRow): ActorRow {
  return actorRow(
    { id: 1, name: "pump-1", kind: "modbus", status: "ready", restarts: 0, ...state },
    parent,
  );
}

function finds(text: string, of: ActorRow): boolean {
  const { complaints, matches } = parseSearch(text);
  expect(complaints).toEqual([]);
  return matches(of, now);
}

describe("parseSearch", () => {
  it.each([
    ["", {}, true],
    ["pump", {}, true],
    ["PUMP", {}, true],
    ["pump heater", {}, false],
    ["pump 1", {}, true],
    ["-pump", {}, false],
    ["-heater", {}, true],
    ['"main pump"', { name: "the main pump" }, true],
    ['"main pump"', { name: "pump main" }, false],
    ["state:failed", { status: "failed" }, true],
    ["state:failed", {}, false],
    ["STATUS:Failed", { status: "failed" }, true],
    ["state:backing-off", { status: "waiting" }, true],
    ["state:waiting", { status: "waiting" }, true],
    ["state:waiting", {}, false],
    ["-state:ready", {}, false],
    ["kind:signal", { kind: "signal" }, true],
    ["kind:signal", {}, false],
    ["policy:permanent", { policy: "permanent" }, true],
    ["error:refused", { lastError: "Error: connect ECONNREFUSED" }, true],
    ["error:refused", {}, false],
    ["mailbox>100", { queued: 101 }, true],
    ["mailbox>100", { queued: 100 }, false],
    ["mailbox>=100", { queued: 100 }, true],
    ["mailbox<1", { queued: 0 }, true],
    ["mailbox<1", {}, false],
    ["mailbox=3", { queued: 3 }, true],
    ["mailbox:3", { queued: 3 }, true],
    ["mailbox>80%", { queued: 81, capacity: 100 }, true],
    ["mailbox>80%", { queued: 80, capacity: 100 }, false],
    ["mailbox>80%", { queued: 81 }, false],
    ["restarts>2", { restarts: 3 }, true],
    ["budget>=50%", { budget: { used: 3, max: 5, window: 1 } }, true],
    ["age<5m", { startedAt: now - 299_000 }, true],
    ["age<5m", { startedAt: now - 301_000 }, false],
    ["age>2", { startedAt: now - 2_500 }, true],
    ["oldest>1.5s", { oldestAt: now - 1_600 }, true],
    ["other:thing", { name: "other:thing" }, true],
    ["a>b", { name: "a>b" }, true],
  ] as const)("reads %j of %j as %s", (text, state, expected) => {
    expect(finds(text, row(state as Partial<ActorState>))).toBe(expected);
  });

  it("looks into the path when there is a slash, and only into the name when there is none", () => {
    const child = row({ name: "boiler" }, row({ name: "line-1" }));
    expect(finds("line-1/boi", child)).toBe(true);
    expect(finds("path:line", child)).toBe(true);
    expect(finds("line-1", child)).toBe(false);
  });

  it("finds the actor of a value that failed or is stale, as the count of problems has it", () => {
    const failed = row({ valueError: "Broken pipe" });
    failed.problem = problemOf(failed.state, 0);
    for (const text of ["is:problem", "is:failed", "state:failed", "error:broke"]) {
      expect([text, finds(text, failed)]).toEqual([text, true]);
      expect([text, finds(text, row({}))]).toEqual([text, false]);
    }
    expect(finds("is:stale", failed)).toBe(false);
  });

  it("finds those with a problem, or with one of a kind", () => {
    const failed = Object.assign(row({}), { problem: "backing off" as const });
    expect(finds("is:problem", failed)).toBe(true);
    expect(finds("is:backing-off", failed)).toBe(true);
    expect(finds("is:stalled", failed)).toBe(false);
    expect(finds("is:problem", row({}))).toBe(false);
  });

  it.each([
    [
      "state:fine",
      "state: is one of starting, running, ready, backing-off, stopping, stopped, failed, abandoned",
    ],
    [
      "is:odd",
      "is: is one of problem, failed, abandoned, not-started, backing-off, restart-budget, stalled, mailbox, undelivered, stale",
    ],
    ["mailbox>many", "mailbox> takes a number or a percentage"],
    ["rate>", "rate> takes a number"],
    ["age<5y", "age< takes a number with s, m, h or d"],
  ])("says what it does not understand of %j", (text, complaint) => {
    expect(parseSearch(text).complaints).toEqual([complaint]);
  });

  it("never throws, and finds by any name what has that name", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseSearch(text).matches(row({}), now);
        const name = text.replaceAll('"', "");
        expect(parseSearch(`name:"${name}"`).matches(row({ name }), now)).toBe(true);
      }),
    );
  });
});
