import { type ActorContext, Supervisor, task } from "@sup/core";
import { describe, expect, it, vi } from "vitest";

const { gc } = globalThis as { gc?: () => void };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How many are left when what can be collected has been. */
async function leftOf(refs: WeakRef<object>[]): Promise<number> {
  const count = (): number => refs.filter((ref) => ref.deref()).length;
  for (let round = 0; round < 10 && count() > 0; round++) {
    await turn();
    gc!();
  }
  return count();
}

/** Runs until it must end; each life is noted. */
function lasting(name: string, lives: WeakRef<ActorContext>[]): ReturnType<typeof task> {
  return task(name, async (context) => {
    lives.push(new WeakRef(context));
    context.ready();
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
  });
}

describe("Supervisor: what is left of what has ended", () => {
  it.each(["one-for-all", "rest-for-one"] as const)(
    "is no life that was ended with its group (%s)",
    async (strategy) => {
      const lives: WeakRef<ActorContext>[] = [];
      let fail = (): void => {};
      const cause = task("cause", async (context) => {
        fail = () => context.fail(new Error("boom"));
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      });
      const actors = [cause, lasting("sibling", lives)];
      const onError = (_: unknown, error: Error): unknown => error.stack;
      await using root = new Supervisor("root", { actors, strategy, restartDelay: 0, onError });
      root.start();
      for (let restart = 1; restart <= 5; restart++) {
        await vi.waitUntil(() => lives.length === restart);
        fail();
      }
      await vi.waitUntil(() => lives.length === 6);
      expect(await leftOf(lives.slice(0, -1))).toBe(0);
    },
  );

  it("is no life of a supervisor that was restarted, nor of what was below", async () => {
    const lives: WeakRef<ActorContext>[] = [];
    const below = new Supervisor("below", { actors: [lasting("inner", lives)] });
    const run = below.run.bind(below);
    below.run = (context) => {
      lives.push(new WeakRef(context as ActorContext));
      return run(context);
    };
    await using root = new Supervisor("root", { actors: [below], startup: "ordered" });
    root.start();
    for (let restart = 0; restart < 5; restart++) {
      await turn();
      await root.children[0]!.restart();
    }
    expect(lives.length).toBe(12);
    expect(await leftOf(lives.slice(0, -2))).toBe(0);
  });

  it("is nothing of what was spawned and has ended, however it did", async () => {
    const refs: WeakRef<object>[] = [];
    const onError = (_: unknown, error: Error): unknown => error.stack;
    await using root = new Supervisor("root", { policy: "temporary", onError });
    root.start();
    const spawn = async (fails: boolean): Promise<void> => {
      const job = task("job", async (context) => {
        refs.push(new WeakRef(context));
        await turn();
        if (fails) throw new Error("boom");
      });
      const child = root.spawn(job);
      refs.push(new WeakRef(job), new WeakRef(child));
      await child.done;
    };
    for (let round = 0; round < 6; round++) await spawn(round % 2 === 0);
    expect(refs.length).toBe(18);
    expect(await leftOf(refs)).toBe(0);
  });
});
