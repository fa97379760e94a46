import { describe, expect, it } from "vitest";
import { ChangeRing } from "../../../src/lib/server/feed/change-ring.ts";

function filled(count: number): ChangeRing {
  const ring = new ChangeRing(100, 1_000);
  for (let now = 1; now <= count; now++)
    ring.push({ now, actors: [{ id: now % 3, restarts: now }] });
  return ring;
}

describe("ChangeRing", () => {
  it("gives all that came after a number as one change", () => {
    expect(filled(5).since(3)).toEqual({
      now: 5,
      actors: [
        { id: 1, restarts: 4 },
        { id: 2, restarts: 5 },
      ],
    });
  });

  it("gives the last 100, and nothing when more is asked for", () => {
    const ring = filled(250);
    expect(ring.since(150)).toEqual({ now: 250, actors: expect.any(Array) as [] });
    expect(ring.since(149)).toBeUndefined();
    expect(ring.since(0)).toBeUndefined();
  });

  it.each([-1, 6, 1_000_000])("knows nothing of number %d, which it has not given", (seq) => {
    expect(filled(5).since(seq)).toBeUndefined();
  });

  it("gives nothing that is of more rows than it may hold, not even in one change", () => {
    const ring = new ChangeRing(100, 10);
    const change = (now: number, rows: number): void =>
      ring.push({ now, actors: Array.from({ length: rows }, (_, id) => ({ id, restarts: now })) });
    change(1, 4);
    change(2, 4);
    expect(ring.since(0)?.now).toBe(2);
    change(3, 4);
    expect(ring.since(0)).toBeUndefined();
    expect(ring.since(1)?.now).toBe(3);
    change(4, 11);
    expect(ring.since(3)).toBeUndefined();
    expect(ring.since(4)).toEqual({ now: 0 });
    change(5, 1);
    expect(ring.since(4)?.now).toBe(5);
  });

  it("knows nothing from before it began anew", () => {
    const ring = filled(5);
    ring.restart();
    expect(ring.seq).toBe(6);
    expect(ring.since(5)).toBeUndefined();
    ring.push({ now: 7 });
    expect(ring.since(6)).toEqual({ now: 7 });
    expect(ring.since(4)).toBeUndefined();
  });
});
