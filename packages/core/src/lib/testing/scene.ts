import type { Actor } from "../actor/context.ts";
import { Supervisor } from "../supervisor/supervisor.ts";
import type { AdapterFixture, AdapterRequests } from "./adapter-fixture.ts";
import { check, eventually, turns, within } from "./patience.ts";
import { Recorder, recordOf } from "./recorder.ts";

/** A fixture, whatever its actors and counterparts are. */
export type AnyFixture = AdapterFixture<Actor, AsyncDisposable>;

/** One case of the contract of adapters: a counterpart, an actor under a supervisor, and what was seen of it. */
export class Scene {
  readonly fixture: AnyFixture;
  readonly counterpart: AsyncDisposable;
  readonly patience: number;
  /** Every crash since the beginning. */
  readonly errors: Error[] = [];
  readonly #recorder: Recorder = new Recorder({ timeout: Infinity });
  readonly #lives: WeakRef<object>[] = [];
  #root: Supervisor | undefined;

  private constructor(fixture: AnyFixture, counterpart: AsyncDisposable) {
    this.fixture = fixture;
    this.counterpart = counterpart;
    this.patience = fixture.patience ?? 5_000;
  }

  /** Plays a case to its end, and looks whether anything is left of it; what is broken is told with the whole record. */
  static async play(
    fixture: AnyFixture,
    act: (scene: Scene) => Promise<void>,
    tell: (error: unknown, record: string) => Error,
  ): Promise<void> {
    await using counterpart = await fixture.start();
    const before = await fixture.resources(counterpart);
    const scene = new Scene(fixture, counterpart);
    try {
      await act(scene);
      await scene.stop();
      await scene.leavesNoMoreThan(before, "After the stop");
    } catch (error) {
      // What went wrong first is told; what follows from it is not.
      const told = tell(error, recordOf(scene.#recorder.lines));
      await scene.stop().catch(() => {});
      throw told;
    }
  }

  get requests(): AdapterRequests<Actor, AsyncDisposable> | undefined {
    return this.fixture.requests;
  }

  create(hook?: () => unknown): Actor {
    return this.fixture.create(this.counterpart, hook);
  }

  start(actor: Actor, restartDelay = 5): void {
    this.#root = new Supervisor("root", {
      actors: [this.#watch(actor)],
      policy: "permanent",
      restartDelay,
      shutdownTimeout: Infinity,
      observer: this.#recorder,
      onError: (_, error) => this.errors.push(error),
    });
    this.#root.start();
  }

  /** The `times`th readiness since the beginning. */
  async ready(times = 1): Promise<void> {
    const isReady = ({ type }: { type: string }): boolean => type === "ready";
    const what = times === 1 ? "Readiness" : `Readiness number ${times}`;
    await within(this.patience, what, this.#recorder.until(isReady, times));
  }

  /** The `times`th crash since the beginning. */
  async crashed(times: number): Promise<void> {
    const isCrash = (event: { type: string }): boolean =>
      event.type === "stopped" && "error" in event;
    await within(this.patience, `Crash number ${times}`, this.#recorder.until(isCrash, times));
  }

  async request(actor: Actor, id: number): Promise<void> {
    await within(this.patience, `An outcome of request ${id}`, this.requests!.send(actor, id));
  }

  /** What `promise` rejects with. */
  async rejection(promise: Promise<unknown>, what: string): Promise<unknown> {
    const nothing = Symbol("nothing");
    const outcome = promise.then(
      () => nothing,
      (error: unknown) => error,
    );
    const error = await within(this.patience, `${what}: its outcome`, outcome);
    check(error !== nothing, `${what} resolved`);
    return error;
  }

  /** Waits until the counterpart has received `ids`, and no more. */
  async received(ids: readonly number[]): Promise<void> {
    const received = (): string => this.requests!.received(this.counterpart).join();
    await eventually(this.patience, () =>
      received() === ids.join() ? undefined : `${ids.join()} were sent and ${received()} came`,
    );
    await turns(8);
    check(received() === ids.join(), `${ids.join()} were sent and ${received()} came`);
  }

  async stop(): Promise<void> {
    const root = this.#root;
    this.#root = undefined;
    if (root === undefined) return;
    const { stopWithin = 1_000 } = this.fixture;
    await within(stopWithin, "The end of a stop", root.stop());
  }

  /** Waits until there is no more of anything than in `before`: the other side of a socket takes a moment to close. */
  async leavesNoMoreThan(before: Record<string, number>, when: string): Promise<void> {
    await eventually(this.patience, async () => {
      for (const [what, count] of Object.entries(await this.fixture.resources(this.counterpart))) {
        const allowed = before[what] ?? 0;
        if (count > allowed)
          return `${when} ${count} ${what} are left, ${allowed} were there before`;
      }
      return undefined;
    });
  }

  /** Where garbage can be collected on demand: nothing holds the lives that are over. */
  async leavesNoLives(most: number): Promise<void> {
    const { gc } = globalThis as { gc?: () => void };
    if (gc === undefined) return;
    await eventually(this.patience, async () => {
      await turns(1);
      gc();
      const held = this.#lives.filter((life) => life.deref() !== undefined).length;
      return held <= Math.max(4, most / 50)
        ? undefined
        : `${held} of ${most} lives are still in memory`;
    });
  }

  #watch(actor: Actor): Actor {
    const { name, kind, mailbox } = actor;
    return {
      name,
      kind,
      mailbox,
      run: (context) => {
        this.#lives.push(new WeakRef(context));
        return actor.run(context);
      },
      onStopped: (error) => actor.onStopped?.(error),
    };
  }
}
