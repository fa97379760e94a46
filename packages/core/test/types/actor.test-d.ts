import {
  type Actor,
  type ActorContext,
  type AnyMessage,
  actor,
  type LogFunction,
  type Logger,
  Mailbox,
  Supervisor,
  type SupervisorObserver,
  type Task,
  task,
} from "@sup/core";
import { expectTypeOf } from "vitest";

interface Protocol {
  get(): number;
}

// A class needs no base to be an actor.
class Counter implements Actor {
  readonly name = "counter";
  readonly mailbox = new Mailbox<Protocol>();

  async run(context: ActorContext): Promise<void> {
    for await (const message of this.mailbox.receive(context)) message.reply(1);
  }
}

// Nor does an object; `run` may do without its context, without a promise, and without a mailbox.
const minimal = { name: "minimal", run: () => {} };
expectTypeOf(new Counter()).toExtend<Actor>();
expectTypeOf(minimal).toExtend<Actor>();
expectTypeOf(new Supervisor("inner")).toExtend<Actor>();
expectTypeOf(task("task", () => {})).toExtend<Actor>();
expectTypeOf(task("task", () => {})).toEqualTypeOf<Task>();
expectTypeOf(actor("actor", () => ({ get: () => 1 }))).toExtend<Actor>();
void new Supervisor("root", {
  actors: [
    new Counter(),
    minimal,
    new Supervisor("inner"),
    { actor: minimal, policy: "temporary" },
  ],
});
new Supervisor("root").spawn(minimal, { policy: "permanent" });

// @ts-expect-error an actor has a name
new Supervisor("root").spawn({ run: () => {} });
// @ts-expect-error an actor runs
new Supervisor("root").spawn({ name: "still" });
// @ts-expect-error a run resolves to nothing that anybody would look at
new Supervisor("root").spawn({ name: "answering", run: async () => 5 });
// @ts-expect-error a policy is one of three
new Supervisor("root").spawn(minimal, { policy: "always" });
// @ts-expect-error a task is given a function
task("task", {});

// The functions of a context may be taken out of it.
task("taken apart", ({ signal, logger, restarts, ready, fail, finish, defer }) => {
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  expectTypeOf(logger).toEqualTypeOf<Logger>();
  expectTypeOf(restarts).toEqualTypeOf<number>();
  expectTypeOf(ready).toEqualTypeOf<() => void>();
  expectTypeOf(fail).toEqualTypeOf<(error: unknown) => void>();
  expectTypeOf(finish).toEqualTypeOf<() => void>();
  expectTypeOf(defer).toEqualTypeOf<(cleanup: () => unknown) => void>();
});

/** What a logger of pino's has, as its types say. */
interface PinoLogFn {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- so it is there
  <Values extends object>(values: Values, message?: string, ...rest: unknown[]): void;
  (message: string, ...rest: unknown[]): void;
}
interface PinoLogger {
  level: string;
  fatal: PinoLogFn;
  error: PinoLogFn;
  warn: PinoLogFn;
  info: PinoLogFn;
  debug: PinoLogFn;
  trace: PinoLogFn;
  child(bindings: Record<string, unknown>, options?: { level?: string }): PinoLogger;
}
/** What Fastify asks of a logger. */
interface FastifyLogFn {
  (message: string, ...rest: unknown[]): void;
  (values: unknown, message?: string, ...rest: unknown[]): void;
}
interface FastifyLogger {
  info: FastifyLogFn;
  warn: FastifyLogFn;
  debug: FastifyLogFn;
  error: FastifyLogFn;
  child(bindings: Record<string, unknown>, options?: object): FastifyLogger;
}
expectTypeOf<PinoLogger>().toExtend<Logger>();
expectTypeOf<FastifyLogger>().toExtend<Logger>();
expectTypeOf<PinoLogFn>().toExtend<LogFunction>();
declare const pino: PinoLogger;
void new Supervisor("root", { logger: pino });
// @ts-expect-error the console takes its words the other way round, and has no children
void new Supervisor("root", { logger: console });

// An observer may have any of its callbacks, and sees messages of any protocol.
const observer: SupervisorObserver = {
  onActorStopped: (by, error) => {
    expectTypeOf(by).toEqualTypeOf<Actor>();
    expectTypeOf(error).toEqualTypeOf<Error | undefined>();
  },
  onMessageUndelivered: (_by, message, reason) => {
    expectTypeOf(message).toEqualTypeOf<AnyMessage>();
    expectTypeOf(message.type).toEqualTypeOf<string>();
    expectTypeOf(message.payload).toEqualTypeOf<unknown>();
    expectTypeOf(reason).toEqualTypeOf<Error>();
  },
};
void new Supervisor("root", { observer });
// @ts-expect-error an observer has no callback of that name
void new Supervisor("root", { observer: { onActorBorn: () => {} } });
