import { computed, view } from "@sup/bus";
import { describe, expect, it, vi } from "vitest";
import { Cell } from "./cell.ts";
import { run, thrownBy } from "./scene.ts";

describe("view", () => {
  it("calls its function at each read, and not before", () => {
    const celsius = new Cell("celsius", 20);
    const convert = vi.fn(() => (celsius.read() * 9) / 5 + 32);
    const fahrenheit = view(convert);
    expect(convert).not.toHaveBeenCalled();
    expect(fahrenheit.read()).toBe(68);
    celsius.set(30);
    expect(fahrenheit.read()).toBe(86);
    expect(convert).toHaveBeenCalledTimes(2);
  });

  it("throws what its function throws", () => {
    const error = new Error("no reading");
    expect(
      thrownBy(
        view(() => {
          throw error;
        }).read,
      ),
    ).toBe(error);
  });

  it("is consistent within a computed value that reads it", () => {
    const source = new Cell("source", 1);
    const double = computed("double", () => source.read() * 2, [source]);
    const both = view(() => [source.read(), double.read()]);
    const seen: unknown[] = [];
    const reader = computed("reader", () => void seen.push(both.read()), [source]);
    run([reader, double]);
    source.set(2);
    expect(seen).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });

  it("tells nobody when it changes: it is refused as a dependency", () => {
    const error = thrownBy(() => computed("c", () => 1, [view(() => 1)] as never));
    expect(error.message).toBe(
      'Cannot create computed "c": `dependencies[0]` must be something with `onChange` or `watch`, got an object',
    );
  });

  it.each([
    [() => view(5 as never), "Cannot create view: `read` must be a function, got 5"],
    [
      () => view(() => 1, { name: 5 as never }),
      "Cannot create view: `name` must be a string that is not empty, got 5",
    ],
    [
      () => view(() => 1, { name: "v", dependencies: [1] as never }),
      'Cannot create view "v": `dependencies[0]` must be something with `onChange` or `watch`, got 1',
    ],
  ])("%#: refuses what makes no sense", (create, message) => {
    expect(thrownBy(create)).toEqual(new TypeError(message));
  });
});
