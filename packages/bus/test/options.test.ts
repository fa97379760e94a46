import { computed, debounce, link, signal, throttle, trigger, view } from "@sup/bus";
import { describe, expect, it } from "vitest";
import { Cell } from "./cell.ts";
import { thrownBy } from "./scene.ts";

const source = new Cell("source", 1);
const writer = { write: () => Promise.resolve() };

/** Each kind of value, with whatever options. */
const kinds = {
  signal: (options: object) => signal("s", () => 1, options),
  computed: (options: object) => computed("c", () => 1, [source], options),
  debounce: (options: object) => debounce("d", source, 1, options),
  throttle: (options: object) => throttle("t", source, 1, options),
  trigger: (options: object) => trigger("t", (_: number) => {}, options),
  link: (options: object) => link("l", source, writer, options),
  view: (options: object) => view(() => 1, options),
};

describe.each(Object.entries(kinds))("%s: options", (kind, create) => {
  it("that are unknown are refused by their name", () => {
    const error = thrownBy(() => create({ intervall: 1 }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(
      new RegExp(`^Cannot create ${kind} .*unknown option \`intervall\`$`),
    );
  });

  it("that are not there may be named all the same", () => {
    expect(() =>
      create({ onError: undefined, name: undefined, intervall: undefined }),
    ).not.toThrow();
  });

  it.each([null, 7, []])("that are no object are refused: %j", (options) => {
    const error = thrownBy(() => create(options as never));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain("`options` must be an object, got");
  });
});

describe("computed: options", () => {
  it("of a signal mean nothing to it", () => {
    expect(thrownBy(() => kinds.computed({ staleAfter: 1 })).message).toContain(
      "unknown option `staleAfter`",
    );
  });
});
