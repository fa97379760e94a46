import { describe, expect, it, vi } from "vitest";
import { roundRobin } from "../src/index.ts";
import { runFixture } from "./fixtures/run-fixture.ts";
import { type Worker, workers } from "./workers.ts";

/** Lets everything run that waits for nothing but promises that are settled. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Fails on all but the first worker: throws on the second, and rejects on the others. */
function failOnSome({ name }: Worker): Promise<string> | string {
  if (name === "worker-0") return name;
  const error = new Error(`${name} failed`);
  if (name === "worker-1") throw error;
  return Promise.reject(error);
}

describe("Hub.broadcast", () => {
  it("calls with each routee, in order, before it returns", () => {
    const routees = workers(3);
    const called: Worker[] = [];
    roundRobin(routees).broadcast((worker) => called.push(worker));
    expect(called).toEqual(routees);
  });

  it("calls all, then throws what failed as an AggregateError in the order of the routees", () => {
    const routees = workers(4);
    const called: Worker[] = [];
    const broadcast = () =>
      roundRobin(routees).broadcast((worker) => {
        called.push(worker);
        if (worker !== routees[1]) throw new Error(`${worker.name} failed`);
      });
    expect(broadcast).toThrow(
      new AggregateError(
        [0, 2, 3].map((index) => new Error(`worker-${index} failed`)),
        "Cannot broadcast: 3 of 4 routees failed, the first with: worker-0 failed",
      ),
    );
    expect(called).toEqual(routees);
  });

  it("tells onError of a promise that rejects, and throws nothing for it", async () => {
    const routees = workers(3);
    const onError = vi.fn();
    const hub = roundRobin(routees, { onError });
    expect(() => hub.broadcast(failOnSome)).toThrow("1 of 3 routees failed");
    await settle();
    expect(onError.mock.calls).toEqual([[new Error("worker-2 failed"), routees[2]]]);
  });

  it("calls with those that were there when it began, whoever comes and goes meanwhile", () => {
    const [a, b, late] = workers(3);
    const hub = roundRobin([a, b]);
    const called: Worker[] = [];
    hub.broadcast((worker) => {
      called.push(worker);
      if (worker !== a) return;
      hub.remove(b);
      hub.add(late);
    });
    expect(called).toEqual([a, b]);
    expect(hub.routees).toEqual([a, late]);
  });
});

describe("Hub.fanOut", () => {
  it("starts with each routee before it returns, and waits for none", () => {
    const routees = workers(3);
    const started: Worker[] = [];
    const returned: unknown = roundRobin(routees).fanOut((worker) => {
      started.push(worker);
      return new Promise(() => {});
    });
    expect(started).toEqual(routees);
    expect(returned).toBeUndefined();
  });

  it("tells onError of each that throws or rejects, with the routee, and throws nothing", async () => {
    const routees = workers(4);
    const onError = vi.fn();
    roundRobin(routees, { onError }).fanOut(failOnSome);
    await settle();
    expect(onError.mock.calls).toEqual([
      [new Error("worker-1 failed"), routees[1]],
      [new Error("worker-2 failed"), routees[2]],
      [new Error("worker-3 failed"), routees[3]],
    ]);
  });

  it("tells onError what was thrown, whatever it is", async () => {
    const onError = vi.fn();
    const [a] = workers(1);
    roundRobin([a], { onError }).fanOut(() => {
      throw undefined;
    });
    await settle();
    expect(onError.mock.calls).toEqual([[undefined, a]]);
  });
});

describe("Hub.fanOutWait", () => {
  it("resolves to the results in the order of the routees, whichever comes first", async () => {
    const routees = workers(3);
    const gates = new Map(routees.map((worker) => [worker, Promise.withResolvers<string>()]));
    const results = roundRobin(routees).fanOutWait((worker) => gates.get(worker)!.promise);
    for (const [worker, gate] of [...gates].toReversed()) {
      gate.resolve(worker.name);
      await settle();
    }
    expect(await results).toEqual(["worker-0", "worker-1", "worker-2"]);
  });

  it("takes results that are no promises", async () => {
    expect(await roundRobin(workers(2)).fanOutWait(({ name }) => name.length)).toEqual([8, 8]);
  });

  it("rejects with an AggregateError in the order of the routees, after all have settled", async () => {
    const routees = workers(4);
    const slow = Promise.withResolvers<string>();
    let settled = false;
    const results = roundRobin(routees)
      .fanOutWait((worker) => (worker === routees[0] ? slow.promise : failOnSome(worker)))
      .finally(() => {
        settled = true;
      });
    results.catch(() => {});
    await settle();
    expect(settled).toBe(false);
    slow.resolve("late");
    const error = await results.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({
      message: "Cannot fan out: 3 of 4 routees failed, the first with: worker-1 failed",
      errors: [1, 2, 3].map((index) => new Error(`worker-${index} failed`)),
    });
  });

  it("runs with those that were there when it began", async () => {
    const [a, b, late] = workers(3);
    const hub = roundRobin([a, b]);
    const results = hub.fanOutWait((worker) => {
      if (worker === a) {
        hub.remove(b);
        hub.add(late);
      }
      return worker.name;
    });
    expect(await results).toEqual(["worker-0", "worker-1"]);
  });
});

describe("HubOptions.onError", () => {
  it("hurts nobody when it throws or rejects", async () => {
    const routees = workers(3);
    const told: Worker[] = [];
    const onError = (_: unknown, worker: Worker): unknown => {
      told.push(worker);
      if (worker === routees[0]) throw new Error("onError threw");
      return Promise.reject(new Error("onError rejected"));
    };
    const hub = roundRobin(routees, {
      onError,
    });
    hub.fanOut(() => Promise.reject(new Error("failed")));
    await settle();
    expect(told).toEqual(routees);
  });

  it("may be left out, with failures in every place: nothing surfaces as an unhandled rejection", async () => {
    const printed = await runFixture("failures.ts", [], ["--unhandled-rejections=strict"]);
    expect(printed.trim()).toBe("survived");
  });
});

describe.each(["broadcast", "fanOut", "fanOutWait"] as const)("Hub.%s", (method) => {
  it("throws a TypeError that names what it got when it is given no function", () => {
    const action = method === "broadcast" ? "Cannot broadcast" : "Cannot fan out";
    expect(() => roundRobin(workers(2))[method](undefined as never)).toThrow(
      new TypeError(`${action}: \`run\` must be a function, got undefined`),
    );
  });
});
