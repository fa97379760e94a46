import { describe, expect, it, vi } from "vitest";
import { type Desk, turn } from "./scene.ts";

describe("Mailbox: turns for timers and I/O (M14)", () => {
  it("go on after the stack has come to its end while one was asked for", async () => {
    let isCutOff = true;
    let clock = 1_000;
    vi.resetModules();
    // Both are taken by the module when it loads.
    const { setImmediate } = globalThis;
    performance.now = () => clock;
    globalThis.setImmediate = ((task: () => void) => {
      if (!isCutOff) return setImmediate(task);
      isCutOff = false;
      throw new RangeError("Maximum call stack size exceeded");
    }) as typeof setImmediate;
    const { Mailbox } = await import("@sup/core");
    globalThis.setImmediate = setImmediate;
    Reflect.deleteProperty(performance, "now");
    expect(() => new Mailbox<Desk>().receive().next()).toThrow(RangeError);
    const mailbox = new Mailbox<Desk>();
    const spend = (milliseconds: number): number => (clock += milliseconds);
    void mailbox.serve({}, { note: spend, ask: spend });
    let answers = 0;
    for (let call = 0; call < 5; call++) void mailbox.call("ask", 1).then(() => answers++);
    for (let round = 0; round < 50; round++) await turn();
    expect(answers).toBe(5);
  });
});
