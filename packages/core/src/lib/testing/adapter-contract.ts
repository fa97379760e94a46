import type { Actor } from "../actor/context.ts";
import type { AdapterFixture } from "./adapter-fixture.ts";
import { check, eventually, Stopwatch, turns, within } from "./patience.ts";
import { type AnyFixture, Scene } from "./scene.ts";

/** One case of a contract: to be registered with any test runner. It rejects with an error that says what is broken. */
export interface ContractCase {
  /** What it shows, as the title of a test: "becomes ready and ends cleanly". */
  readonly name: string;
  /** Plays the case, in real time; rejects with what is broken. */
  readonly run: () => Promise<void>;
}

/** Milliseconds in which what is pending settles when its connection is gone. */
const promptly = 50;

/**
 * What every adapter promises, whatever it connects to: it becomes ready, a lost connection is a crash with a typed error,
 * every request settles, what waits goes out once and what was withdrawn never, a stop is short and leaves nothing, hooks
 * cannot hurt, options are validated at construction. The cases run in real time; that for which a busy machine holds the
 * process up makes nothing late.
 *
 * @example
 * ```ts
 * describe("FeedActor", () => {
 *   for (const { name, run } of adapterContract(fixture)) it(name, run, 30_000);
 * });
 * ```
 */
export function adapterContract<Adapter extends Actor, Counterpart extends AsyncDisposable>(
  fixture: AdapterFixture<Adapter, Counterpart>,
): ContractCase[] {
  // A scene hands to the fixture only what came from it.
  const any = fixture as unknown as AnyFixture;
  return [
    ...scenarios
      .filter(({ isFor }) => isFor === undefined || isFor(any))
      .map((scenario) => ({
        name: scenario.name,
        run: () =>
          Scene.play(any, scenario.act, (error, record) => broken(scenario, error, record)),
      })),
    ...Object.entries(fixture.invalid).map(([what, create]) => ({
      name: `refuses ${what} at construction`,
      run: async () => refuses(what, create),
    })),
  ];
}

interface Scenario {
  readonly name: string;
  /** What the adapter is held to, for who reads that it did not keep it. */
  readonly promise: string;
  /** Whether a fixture has what it takes; one for every fixture has none. */
  readonly isFor?: (fixture: AnyFixture) => boolean;
  readonly act: (scene: Scene) => Promise<void>;
}

const isAsked = ({ requests }: AnyFixture): boolean => requests !== undefined;

const scenarios: readonly Scenario[] = [
  {
    name: "becomes ready and ends cleanly",
    promise:
      "a life calls ready() once it can do its work, and ends without an error when its signal aborts",
    act: becomesReady,
  },
  {
    name: "crashes and is started again when the connection is lost",
    promise: "a lost connection is a crash with a typed error, and the next life connects anew",
    act: recovers,
  },
  {
    name: "crashes until it is let in when attempts are refused",
    promise:
      "each attempt that is refused is a crash with a typed error; retrying is left to the supervisor",
    act: isLetIn,
  },
  {
    name: "runs anew after it was stopped for good",
    promise: "the same actor works as before when it is supervised a second time",
    act: runsAnew,
  },
  {
    name: "leaves nothing when it is stopped while it starts",
    promise:
      "an attempt to connect heeds the signal: it ends without an error and frees what it opened",
    act: stopsWhileStarting,
  },
  {
    name: "is not hurt by hooks that throw or reject",
    promise: "hooks are called, and what they throw or reject with changes nothing",
    act: bearsHooks,
  },
  {
    name: "leaves nothing behind over many reconnects",
    promise: "each life frees all it opened, and nothing that outlives it holds on to it",
    act: leavesNothing,
  },
  {
    name: "stops in time while an attempt to connect is not answered",
    promise: "an attempt that nobody answers ends with the signal, without an error",
    isFor: ({ createUnanswered }) => createUnanswered !== undefined,
    act: stopsUnanswered,
  },
  {
    name: "gives up an attempt to connect that is not answered",
    promise:
      "an attempt that nobody answers is a crash with a typed error after `connectTimeout`, not before",
    isFor: ({ connectTimeout }) => connectTimeout !== undefined,
    act: givesUp,
  },
  {
    name: "settles a pending request when the connection is lost",
    promise: `what is asked when the connection is lost rejects with a typed error within ${promptly} ms, and is not asked again`,
    isFor: isAsked,
    act: settlesWhenLost,
  },
  {
    name: "settles a pending request when it is stopped",
    promise: `what is asked when the actor is stopped rejects with an error within ${promptly} ms`,
    isFor: isAsked,
    act: settlesWhenStopped,
  },
  {
    name: "sends what was accepted while disconnected once and in order",
    promise:
      "what is asked while there is no connection waits in the mailbox over crashes, and goes out once",
    isFor: isAsked,
    act: sendsWhatWaited,
  },
  {
    name: "never sends what was withdrawn while disconnected",
    promise:
      "what its caller gave up, by `signal` or `timeout`, is never sent, and rejects with the reason",
    isFor: isAsked,
    act: forgetsWithdrawn,
  },
];

/** What went wrong, and what should have come instead. */
function broken({ promise }: Pick<Scenario, "promise">, error: unknown, record?: string): Error {
  const found = error instanceof Error ? error.message : String(error);
  const lines = [
    found,
    `expected: ${promise}`,
    ...(record === undefined ? [] : [record]),
    'read on: "What an adapter promises" in docs/writing-an-adapter.md',
  ];
  return new Error(lines.join("\n"), { cause: error });
}

async function becomesReady(scene: Scene): Promise<void> {
  scene.start(scene.create());
  await scene.ready();
  await scene.stop();
  check(scene.errors.length === 0, `A clean end was reported as a crash: ${scene.errors[0]}`);
}

async function recovers(scene: Scene): Promise<void> {
  const actor = scene.create();
  scene.start(actor);
  await scene.ready();
  if (scene.requests !== undefined) await scene.request(actor, 1);
  await scene.fixture.disconnect(scene.counterpart);
  await scene.ready(2);
  if (scene.requests !== undefined) await scene.request(actor, 2);
  check(scene.errors.length > 0, "The loss of the connection was not reported as a crash");
  scene.errors.forEach(isTyped);
}

async function isLetIn(scene: Scene): Promise<void> {
  await scene.fixture.refuse(scene.counterpart);
  scene.start(scene.create());
  await scene.crashed(3);
  await scene.fixture.accept(scene.counterpart);
  await scene.ready();
  await scene.fixture.refuse(scene.counterpart);
  await scene.crashed(scene.errors.length + 2);
  await scene.fixture.accept(scene.counterpart);
  await scene.ready(2);
  scene.errors.forEach(isTyped);
}

async function runsAnew(scene: Scene): Promise<void> {
  const actor = scene.create();
  for (const time of [1, 2]) {
    scene.start(actor);
    await scene.ready(time);
    if (scene.requests !== undefined) await scene.request(actor, time);
    await scene.stop();
  }
  check(scene.errors.length === 0, `A new run crashed: ${scene.errors[0]}`);
}

async function stopsWhileStarting(scene: Scene): Promise<void> {
  for (let after = 0; after < 8; after++) {
    scene.start(scene.create());
    await turns(after);
    await scene.stop();
  }
  check(scene.errors.length === 0, `A stop was reported as a crash: ${scene.errors[0]}`);
}

async function bearsHooks(scene: Scene): Promise<void> {
  const error = new Error("thrown by a hook");
  let calls = 0;
  const hooks = [
    () => {
      calls++;
      throw error;
    },
    () => {
      calls++;
      return Promise.reject(error);
    },
  ];
  for (const [index, hook] of hooks.entries()) {
    const actor = scene.create(hook);
    scene.start(actor);
    await scene.ready(index * 2 + 1);
    if (scene.requests !== undefined) await scene.request(actor, index + 1);
    await scene.fixture.disconnect(scene.counterpart);
    await scene.ready(index * 2 + 2);
    await scene.stop();
    check(calls > 0, "No hook was called, so that none could throw");
    calls = 0;
  }
  check(!scene.errors.includes(error), "What a hook threw crashed the actor");
}

async function leavesNothing(scene: Scene): Promise<void> {
  const { fixture, counterpart } = scene;
  const { reconnects = 1_000 } = fixture;
  scene.start(scene.create(), 0);
  await scene.ready();
  const first = await fixture.resources(counterpart);
  for (let count = 1; count <= reconnects; count++) {
    await fixture.disconnect(counterpart);
    await scene.ready(count + 1);
    // What was recorded holds no life, but grows.
    scene.errors.length = 0;
  }
  await scene.leavesNoMoreThan(first, `After ${reconnects} reconnects`);
  await scene.leavesNoLives(reconnects);
}

async function stopsUnanswered(scene: Scene): Promise<void> {
  const { createUnanswered, connectTimeout = Infinity } = scene.fixture;
  const actor = await createUnanswered!(scene.counterpart);
  const start = performance.now();
  scene.start(actor);
  await turns(8);
  const { length } = scene.errors;
  // On a busy machine a few turns may take as long as the attempt.
  const lasted = length === 0 || performance.now() - start >= connectTimeout;
  check(lasted, `The attempt did not last: ${scene.errors[0]}`);
  await scene.stop();
  check(scene.errors.length === length, `A stop was reported as a crash: ${scene.errors[length]}`);
}

async function givesUp(scene: Scene): Promise<void> {
  const { createUnanswered, connectTimeout } = scene.fixture;
  const actor = await createUnanswered!(scene.counterpart);
  const start = performance.now();
  scene.start(actor);
  await scene.crashed(1);
  const took = performance.now() - start;
  // Timers may fire a millisecond early.
  check(took >= connectTimeout! - 2, `The attempt was given up after ${took} ms already`);
  scene.errors.forEach(isTyped);
}

async function settlesWhenLost(scene: Scene): Promise<void> {
  const { pending } = await requestThatStaysPending(scene);
  using watch = new Stopwatch();
  const took = readWhenSettled(watch, pending);
  await scene.fixture.disconnect(scene.counterpart);
  isTyped(await scene.rejection(pending, "A request whose connection is lost"));
  isPrompt(await took, "the connection was lost");
  await scene.ready(2);
  await turns(8);
  const sent = scene.requests!.received(scene.counterpart).filter((id) => id === 1).length;
  check(sent <= 1, `A request that failed with its connection was sent ${sent} times`);
}

async function settlesWhenStopped(scene: Scene): Promise<void> {
  const { pending } = await requestThatStaysPending(scene);
  using watch = new Stopwatch();
  const took = readWhenSettled(watch, pending);
  await scene.stop();
  const error = await scene.rejection(pending, "A request whose actor is stopped");
  check(error instanceof Error, `A request was rejected with ${String(error)}, which is no error`);
  isPrompt(await took, "the stop");
}

async function sendsWhatWaited(scene: Scene): Promise<void> {
  const { requests, fixture, counterpart } = scene;
  const actor = scene.create();
  await fixture.refuse(counterpart);
  scene.start(actor);
  await scene.crashed(1);
  const sent = [1, 2, 3].map((id) => requests!.send(actor, id));
  await scene.crashed(scene.errors.length + 2);
  await fixture.accept(counterpart);
  await within(scene.patience, "An outcome of what waited", Promise.all(sent));
  await scene.received([1, 2, 3]);
}

async function forgetsWithdrawn(scene: Scene): Promise<void> {
  const { requests, fixture, counterpart } = scene;
  const actor = scene.create();
  const caller = new AbortController();
  await fixture.refuse(counterpart);
  scene.start(actor);
  const first = requests!.send(actor, 1);
  const aborted = requests!.send(actor, 2, { signal: caller.signal });
  const late = requests!.send(actor, 3, { timeout: 5 });
  const last = requests!.send(actor, 4);
  caller.abort(new Error("withdrawn"));
  const reason = await scene.rejection(aborted, "A request that was aborted");
  check(
    reason === caller.signal.reason,
    "An aborted request did not reject with the signal's reason",
  );
  const { name } = (await scene.rejection(late, "A request past its timeout")) as Error;
  check(name === "TimeoutError", `A request past its timeout rejected with a ${name}`);
  await scene.crashed(scene.errors.length + 1);
  await fixture.accept(counterpart);
  await within(scene.patience, "An outcome of what waited", Promise.all([first, last]));
  await scene.received([1, 4]);
}

function refuses(what: string, create: () => unknown): void {
  const promise =
    "what makes no sense is refused with a TypeError or RangeError when the actor is made";
  try {
    create();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return;
    const found = new Error(`An actor with ${what} was refused with ${String(error)}`, {
      cause: error,
    });
    throw broken({ promise }, found);
  }
  throw broken({ promise }, new Error(`An actor with ${what} was created`));
}

async function requestThatStaysPending(scene: Scene): Promise<{ pending: Promise<unknown> }> {
  const actor = scene.create();
  scene.start(actor);
  await scene.ready();
  await scene.requests!.hold(scene.counterpart);
  let isPending = true;
  const settle = (): void => void (isPending = false);
  const pending = scene.requests!.send(actor, 1);
  pending.then(settle, settle);
  await eventually(scene.patience, () =>
    actor.mailbox?.length === 0 ? undefined : "The actor did not take the request",
  );
  await turns(8);
  check(isPending, "A request that the counterpart holds did not stay pending");
  return { pending };
}

function readWhenSettled(watch: Stopwatch, pending: Promise<unknown>): Promise<number> {
  const read = (): number => watch.read();
  return pending.then(read, read);
}

function isPrompt(took: number, since: string): void {
  check(took <= promptly, `A pending request settled ${Math.round(took)} ms after ${since}`);
}

function isTyped(error: unknown): void {
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  check(error instanceof Error, `${String(error)} is no error`);
  check(typeof code === "string", `${error.name} "${error.message}" has no \`code\``);
  check(
    typeof retryable === "boolean",
    `${error.name} "${error.message}" does not say \`retryable\``,
  );
}
