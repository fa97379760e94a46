import { describe, expect, it } from "vitest";
import { Minutes } from "../../../src/page/model/minute.ts";

describe("Minutes", () => {
  it("tells the last sixty seconds, oldest first, nothing where nothing is known", () => {
    const minutes = new Minutes();
    const place = minutes.take();
    minutes.set(place, 1_000, 7, 0);
    minutes.set(place, 1_003, 9, 0);
    expect(minutes.read(place, 1_004, -1).slice(-6)).toEqual([Number.NaN, 7, 0, 0, 9, -1]);
    expect(minutes.read(place, 1_004, -1)).toHaveLength(60);
  });

  it("forgets what is more than a minute old", () => {
    const minutes = new Minutes();
    const place = minutes.take();
    minutes.set(place, 1_000, 7, 0);
    expect(new Set(minutes.read(place, 1_060, 0))).toEqual(new Set([Number.NaN, 0].slice(1)));
    minutes.set(place, 2_000, 1, Number.NaN);
    expect(minutes.read(place, 2_000, 0).filter((point) => !Number.isNaN(point))).toEqual([1]);
  });

  it("tells nothing of a place in which nothing was set", () => {
    const minutes = new Minutes();
    expect(new Set(minutes.read(minutes.take(), 0, 0))).toEqual(new Set([Number.NaN]));
  });

  it("keeps places apart, many of them, and gives a place anew without its past", () => {
    const minutes = new Minutes();
    const places = Array.from({ length: 300 }, () => minutes.take());
    for (const place of places) minutes.set(place, 1_000, place, 0);
    expect(places.map((place) => minutes.read(place, 1_000, 0).at(-1))).toEqual(places);
    minutes.give(places[4]!);
    expect(minutes.take()).toBe(places[4]);
    expect(new Set(minutes.read(places[4]!, 1_000, 0))).toEqual(new Set([Number.NaN]));
  });
});
