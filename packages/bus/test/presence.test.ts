import type { Actor } from "@sup/core";
import { describe, expect, it, vi } from "vitest";
import { Presence } from "../src/lib/presence.ts";
import { aborted } from "../src/lib/outcome.ts";
import { childOf, run, settled } from "./scene.ts";

describe("Presence", () => {
  it("tells once that an actor has stopped for good, however many lives it had, and again after another start", async () => {
    const onStopped = vi.fn();
    const presence = new Presence(onStopped);
    const one: Actor = {
      name: "one",
      async run(context) {
        presence.begin(context);
        await aborted(context.signal);
      },
    };
    const root = run([one]);
    for (let life = 0; life < 3; life++) await childOf(root, one).restart();
    await settled();
    expect(onStopped).not.toHaveBeenCalled();
    await root.stop();
    await settled();
    expect(onStopped).toHaveBeenCalledTimes(1);
    root.start();
    await settled();
    await root.stop();
    await settled();
    expect(onStopped).toHaveBeenCalledTimes(2);
  });
});
