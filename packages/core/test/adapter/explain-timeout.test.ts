import { setImmediate } from "node:timers/promises";
import { Mailbox } from "@sup/core";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { explainTimeout, type Wait } from "../../src/adapter.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Meter {
  ask(question: string): number;
}

const cause = new Error("refused");

/** A call that nobody answers, and what it ends with. */
async function endOf(options: { timeout?: number; signal?: AbortSignal }, wait: () => Wait) {
  const call = new Mailbox<Meter>().call("ask", "how much", options);
  const outcome = explainTimeout(call, 'ask "meter"', options, wait).catch(
    (error: unknown) => error,
  );
  await vi.advanceTimersByTimeAsync(500);
  return outcome;
}

describe("explainTimeout", () => {
  it("says what the call waited for when its timeout is over, and why", async () => {
    let why = "not yet";
    const ended = endOf({ timeout: 500 }, () => ({ missing: "no connection", why, cause }));
    why = "it was refused";
    const message = 'Cannot ask "meter": no connection within 500 ms (it was refused)';
    expect(await ended).toMatchObject({ name: "TimeoutError", message, cause });
  });

  it("says no reason where none is known", async () => {
    const error = await endOf({ timeout: 500 }, () => ({ missing: "no answer" }));
    expect(error).toMatchObject({ message: 'Cannot ask "meter": no answer within 500 ms' });
  });

  it("leaves the reason of the caller's own signal as it is, also when that is a timeout", async () => {
    const reason = new DOMException("mine", "TimeoutError");
    const signal = AbortSignal.abort(reason);
    expect(await endOf({ timeout: 500, signal }, () => ({ missing: "no answer" }))).toBe(reason);
  });

  it("settles as the call otherwise", async () => {
    const wait = () => ({ missing: "no answer" });
    await expect(explainTimeout(Promise.resolve(7), "ask", {}, wait)).resolves.toBe(7);
    await expect(explainTimeout(Promise.reject(cause), "ask", {}, wait)).rejects.toBe(cause);
  });

  it("may be ignored when it fails, as a call may", async () => {
    vi.useRealTimers();
    const unhandled = vi.fn<() => void>();
    process.on("unhandledRejection", unhandled);
    onTestFinished(() => void process.off("unhandledRejection", unhandled));
    void explainTimeout(Promise.reject(cause), "ask", {}, () => ({ missing: "no answer" }));
    await setImmediate();
    expect(unhandled).not.toHaveBeenCalled();
  });
});
