import { type Actor, type ActorContext, Mailbox, Supervisor } from "@sup/core";
import { Recorder } from "@sup/core/testing";
import { describe, expect, it, vi } from "vitest";
import { pass, useFakeTime } from "../testing/clock.ts";

useFakeTime();

/** Notes what it is told. */
class Listener implements Actor {
  readonly name = "listener";
  readonly mailbox = new Mailbox<{ work(): void }>();
  readonly told: (Error | undefined)[] = [];
  context!: ActorContext;
  fail!: (error: unknown) => void;

  run(context: ActorContext): Promise<void> {
    this.context = context;
    return new Promise((resolve, reject) => {
      this.fail = reject;
      context.signal.addEventListener("abort", () => resolve());
    });
  }

  onStopped(error: Error | undefined): void {
    this.told.push(error);
  }
}

describe("Actor.onStopped", () => {
  it("is called once when the actor has stopped for good, and not between two lives", async () => {
    const listener = new Listener();
    const root = new Supervisor("root", { actors: [listener] });
    root.start();
    listener.fail(new Error("boom"));
    await pass(1_000);
    await root.children[0]?.restart();
    expect(listener.told).toEqual([]);
    await root.stop();
    expect(listener.told).toEqual([undefined]);
  });

  it("is told the error of the last life", async () => {
    const listener = new Listener();
    const root = new Supervisor("root", { actors: [listener], policy: "temporary" });
    root.start();
    const boom = new Error("boom");
    listener.fail(boom);
    await pass();
    expect(listener.told).toEqual([boom]);
  });

  it("is told when its supervisor gives up", async () => {
    const listener = new Listener();
    const restartLimit = { maxRestarts: 0, window: 1 };
    const root = new Supervisor("root", { actors: [listener], restartLimit });
    root.start();
    const boom = new Error("boom");
    listener.fail(boom);
    await pass();
    expect(listener.told).toEqual([boom]);
  });

  it("is called when the last life was left behind", async () => {
    class Stuck extends Listener {
      override run(): Promise<void> {
        return new Promise(() => {});
      }
    }
    const stuck = new Stuck();
    const root = new Supervisor("root", { actors: [stuck] });
    root.start();
    void root.stop();
    await pass(4_999);
    expect(stuck.told).toEqual([]);
    await pass(1);
    expect(stuck.told).toEqual([undefined]);
  });

  it("is called when the actor finishes, and again when it is supervised anew", async () => {
    const listener = new Listener();
    const root = new Supervisor("root", { policy: "permanent" });
    root.start();
    root.spawn(listener);
    listener.context.finish();
    await pass();
    expect(listener.told.length).toBe(1);
    root.spawn(listener);
    expect(listener.told.length).toBe(1);
    await root.stop();
    expect(listener.told.length).toBe(2);
  });

  it("is called for one that was spawned and whose supervisor never started", async () => {
    const listener = new Listener();
    const root = new Supervisor("root");
    root.spawn(listener);
    await root.stop();
    expect(listener.told).toEqual([undefined]);
  });

  it("comes after the observer heard of the end, when the mailbox refuses messages", async () => {
    const recorder = new Recorder();
    const seen: unknown[] = [];
    class Curious extends Listener {
      override onStopped(): void {
        seen.push(...recorder.lines.slice(-1));
        expect(() => this.mailbox.tryCast("work")).toThrow("stopped");
      }
    }
    const root = new Supervisor("root", { actors: [new Curious()], observer: recorder });
    root.start();
    await root.stop();
    expect(seen).toEqual(["stopped listener"]);
  });

  it("comes before those who wait for the end go on", async () => {
    const listener = new Listener();
    const root = new Supervisor("root", { actors: [listener] });
    root.start();
    const told = root.children[0]?.done.then(() => listener.told.length);
    await root.stop();
    expect(await told).toBe(1);
  });

  it("cannot hurt: what it throws is logged", async () => {
    const error = vi.fn();
    const nothing = (): void => {};
    const logger = { debug: nothing, info: nothing, warn: nothing, error, child: () => logger };
    class Careless extends Listener {
      override onStopped(): void {
        throw new Error("careless");
      }
    }
    const root = new Supervisor("root", { actors: [new Careless()], logger });
    root.start();
    await root.stop();
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        actor: "listener",
        error: expect.objectContaining({ message: "careless" }) as Error,
      }),
      "onStopped",
    );
  });
});
