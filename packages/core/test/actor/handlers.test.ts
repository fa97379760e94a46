import { actor, Supervisor } from "@sup/core";
import { describe, expect, it } from "vitest";

class Counter {
  #count = 0;
  increment(): void {
    this.#count++;
  }
  get(): number {
    return this.#count;
  }
}

class Fields {
  #count = 0;
  increment = (): void => {
    this.#count++;
  };
  get = (): number => this.#count;
}

describe("what a setup returns", () => {
  it("is refused where its methods are those of a class, as none of them would be found", async () => {
    const crashes: Error[] = [];
    const root = new Supervisor("root", {
      policy: "temporary",
      onError: (_, error) => crashes.push(error),
    });
    root.start();
    await root.spawn(actor("counter", () => new Counter())).done;
    expect(crashes).toHaveLength(1);
    expect(crashes[0]).toBeInstanceOf(RangeError);
    expect(crashes[0]!.message).toMatch(/methods of its own, not those of a class/);
    await root.stop();
  });

  it("may be an object of a class that has its handlers itself", async () => {
    const counter = actor("counter", () => new Fields());
    await using root = new Supervisor("root", { actors: [counter] });
    root.start();
    counter.cast("increment");
    expect(await counter.call("get")).toBe(1);
  });
});

describe("Supervisor: logger and observer", () => {
  it.each([
    ["a logger without `child`", { logger: { ...silent(), child: undefined } }, "`logger.child`"],
    ["a logger that is none", { logger: 5 }, "`logger.debug`"],
    ["an observer that is none", { observer: "x" }, "`observer`"],
  ])("refuses %s", (_, options, what) => {
    expect(() => new Supervisor("root", options as never)).toThrow(TypeError);
    expect(() => new Supervisor("root", options as never)).toThrow(what);
  });
});

function silent(): Record<string, unknown> {
  const nothing = (): void => {};
  return { debug: nothing, info: nothing, warn: nothing, error: nothing, child: nothing };
}
