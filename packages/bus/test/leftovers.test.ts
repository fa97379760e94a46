import { computed, debounce, link, signal, throttle, trigger } from "@sup/bus";
import { type Actor, type ActorContext, Supervisor } from "@sup/core";
import { describe, expect, it, vi } from "vitest";

const { gc } = globalThis as { gc?: () => void };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** `actor` as it is, with each of its lives referred to. */
function watched(actor: Actor, lives: WeakRef<ActorContext>[]): Actor {
  const run = actor.run.bind(actor);
  return Object.assign(actor, {
    run(context: ActorContext) {
      lives.push(new WeakRef(context));
      return run(context);
    },
  });
}

const source = signal("source", () => 1);

describe.each<[string, () => Actor]>([
  ["signal", () => signal("value", () => 1)],
  ["computed", () => computed("value", () => source.read(), [source])],
  ["debounce", () => debounce("value", source, 10)],
  ["throttle", () => throttle("value", source, 10)],
  ["trigger", () => trigger("value", (_: number) => {})],
  [
    "link",
    () =>
      link(
        "value",
        source,
        trigger("to", (_: number | undefined) => {}),
      ),
  ],
])("%s", (_, create) => {
  it("leaves nothing of a life that was ended for the next one", async () => {
    const lives: WeakRef<ActorContext>[] = [];
    await using root = new Supervisor("root", { actors: [watched(create(), lives)] });
    root.start();
    const [child] = root.children;
    for (let restart = 0; restart < 5; restart++) {
      await turn();
      await child!.restart();
    }
    const left = (): number => lives.slice(0, -1).filter((life) => life.deref()).length;
    await vi.waitFor(async () => {
      await turn();
      gc!();
      expect(left()).toBe(0);
    });
    expect(lives.length).toBe(6);
  });
});
