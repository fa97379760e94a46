import type { Logger } from "@sup/core";
import { describe, expect, it } from "vitest";
import { callHook } from "../src/lib/hooks.ts";

describe("callHook", () => {
  it.each([
    [
      "throws",
      () => {
        throw new Error("hook");
      },
    ],
    ["rejects", () => Promise.reject(new Error("hook"))],
  ])("harms nobody when the hook %s, and the logger throws when it is told", async (_, hook) => {
    const told: unknown[] = [];
    const error = (bindings: { error: Error }) => {
      told.push(bindings.error.message);
      throw new Error("logger");
    };
    callHook("onError", hook, new Error("crash"), { error } as unknown as Logger);
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual(["hook"]);
  });
});
