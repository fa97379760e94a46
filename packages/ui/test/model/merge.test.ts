import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeChanges } from "../../src/lib/model/merge.ts";
import type { ActorState, PageChange } from "../../src/lib/model/wire.ts";
import { Mirror } from "../rig/mirror.ts";

/** One thing that happens to a tree of at most eight actors and to two values. */
const step = fc.record({
  what: fc.constantFrom("come", "go", "queue", "crash", "heal", "value", "event"),
  id: fc.nat({ max: 7 }),
  number: fc.nat({ max: 5 }),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What a server tells of it, as a server does: nothing of rows that are not there. */
function changeOf({ what, id, number }: Step, state: Mirror, now: number): PageChange {
  const isThere = state.actors.has(id);
  if (what === "event") return { now, events: [eventOf(now)] };
  if (what === "value") {
    return {
      now,
      values: [{ id: id % 2, ...(number === 0 ? { text: null } : { text: String(number) }) }],
    };
  }
  if (what === "come")
    return isThere
      ? { now, actors: [{ id, restarts: number }] }
      : { now, came: [actorOf(id, number)] };
  if (!isThere) return { now };
  if (what === "go")
    return number > 3 ? { now, gone: [id], came: [actorOf(id, number)] } : { now, gone: [id] };
  if (what === "queue") return { now, actors: [{ id, queued: number }] };
  return { now, actors: [{ id, lastError: what === "crash" ? `error ${number}` : null }] };
}

function actorOf(id: number, restarts: number): ActorState {
  return { id, name: `actor ${id}`, kind: "actor", status: "ready", restarts };
}

function eventOf(seq: number): NonNullable<PageChange["events"]>[number] {
  return { seq, at: seq, type: "ready", actor: 1, path: ["root"], why: "it is ready" };
}

/** States before and after each of the changes. */
function play(steps: readonly Step[]): { states: Mirror[]; changes: PageChange[] } {
  const states = [
    new Mirror(
      [],
      [0, 1].map((id) => ({ id, name: `v${id}`, kind: "signal", type: "none" })),
    ),
  ];
  const changes = steps.map((one, index) => {
    const state = states.at(-1)!;
    const change = changeOf(one, state, index + 1);
    states.push(state.clone().apply(change));
    return change;
  });
  return { states, changes };
}

describe("mergeChanges", () => {
  it("leads where the single changes lead, from wherever between them it is applied", () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        (steps, one, other) => {
          const { states, changes } = play(steps);
          const [from, at] = [one % states.length, other % states.length].sort((a, b) => a - b) as [
            number,
            number,
          ];
          const merged = mergeChanges(changes.slice(from));
          expect(states[at]!.clone().apply(merged).state).toEqual(states.at(-1)!.state);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("leads there by any merging of parts, with any of them skipped and told later", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(fc.boolean()), (steps, tells) => {
        const { states, changes } = play(steps);
        const page = states[0]!.clone();
        let missed: PageChange[] = [];
        for (const [index, change] of changes.entries()) {
          missed.push(change);
          if (tells[index] === false && index < changes.length - 1) continue;
          page.apply(mergeChanges(missed));
          missed = [];
        }
        expect(page.state).toEqual(states.at(-1)!.state);
        expect(page.events).toEqual(states.at(-1)!.events);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is an actor that came and went only by its number, so that who has seen it loses it", () => {
    const merged = mergeChanges([
      { now: 1, came: [actorOf(3, 0)] },
      { now: 2, actors: [{ id: 3, queued: 7 }] },
      { now: 3, gone: [3] },
    ]);
    expect(merged).toEqual({ now: 3, gone: [3] });
  });

  it("keeps the last cost and the last time", () => {
    const self = { viewers: 2, frames: 8, bytes: 900, skipped: 0, cpu: 0.01 };
    expect(
      mergeChanges([{ now: 1, self: { ...self, viewers: 1 } }, { now: 2, self }, { now: 3 }]),
    ).toEqual({
      now: 3,
      self,
    });
  });
});
