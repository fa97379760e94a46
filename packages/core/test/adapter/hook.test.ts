import { describe, expect, it } from "vitest";
import { callHook } from "../../src/adapter.ts";
import type { Logger } from "../../src/index.ts";

const failing: readonly [string, () => unknown][] = [
  [
    "throws",
    () => {
      throw new Error("hook");
    },
  ],
  ["rejects", () => Promise.reject(new Error("hook"))],
];

describe("callHook", () => {
  it("hands on what happened", () => {
    const seen: unknown[] = [];
    callHook("onConnect", (info) => void seen.push(info), { address: "a" }, logger([]));
    callHook("onConnect", undefined, { address: "b" }, logger([]));
    expect(seen).toEqual([{ address: "a" }]);
  });

  it.each(failing)("logs it when the hook %s", async (_, hook) => {
    const told: unknown[] = [];
    callHook("onConnect", hook, undefined, logger(told));
    await turns();
    const bindings = { error: new Error("hook"), hook: "onConnect" };
    expect(told).toEqual([[bindings, "hook `onConnect` failed"]]);
  });

  it.each(failing)("harms nobody when the hook %s, and the logger throws", async (_, hook) => {
    const told: unknown[] = [];
    const throwing = logger(told, () => {
      throw new Error("logger");
    });
    callHook("onConnect", hook, undefined, throwing);
    await turns();
    expect(told).toHaveLength(1);
  });
});

function logger(told: unknown[], then: () => void = () => {}): Logger {
  const error = (...call: unknown[]) => {
    told.push(call);
    then();
  };
  return { error } as unknown as Logger;
}

async function turns(): Promise<void> {
  for (let count = 0; count < 5; count++) await Promise.resolve();
}
