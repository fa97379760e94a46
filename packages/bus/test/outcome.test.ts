import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { view } from "../src/index.ts";
import { toError } from "../src/lib/outcome.ts";

describe("toError", () => {
  it.each<[string, unknown]>([
    ["an error", new RangeError("too cold")],
    ["a DOMException", new DOMException("gone", "AbortError")],
    ["an error of another realm", runInNewContext("new TypeError('too hot')")],
  ])("returns %s itself", (_, thrown) => {
    expect(toError(thrown, "Update failed")).toBe(thrown);
  });

  it.each<[string, unknown, string]>([
    ["a text", "offline", "offline"],
    ["nothing", undefined, "undefined"],
    ["a symbol", Symbol("gone"), "Symbol(gone)"],
    ["an object without text", Object.create(null), "a value without text"],
    ["a proxy that was revoked", revoked(), "a value without text"],
  ])("wraps %s, and keeps it as the cause", (_, thrown, text) => {
    const error = toError(thrown, "Update failed");
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe(`Update failed: ${text}`);
    expect(error.cause === thrown).toBe(true);
  });
});

describe("status", () => {
  it("does not throw, whatever was thrown", () => {
    const thrown = revoked();
    const broken = view(() => {
      throw thrown;
    });
    expect(broken.status().error?.message).toBe(
      'Update of view "view" failed: a value without text',
    );
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
