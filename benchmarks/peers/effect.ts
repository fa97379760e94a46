import { Deferred, Effect, Fiber, Queue } from "effect";
import { valueAt } from "../lib/values.ts";
import { inFlight, type Peer } from "./peer.ts";

type Message =
  | { readonly type: "add"; readonly value: number }
  | { readonly type: "same"; readonly value: number; readonly reply: Deferred.Deferred<number> }
  | { readonly type: "takeSum"; readonly reply: Deferred.Deferred<number> };

/** A fiber that takes all that is in a bounded queue at once; callers are fibers, too, and wait for a deferred. */
export const effect: Peer = {
  name: "effect",

  async start() {
    const { queue, fiber } = await Effect.runPromise(spawnCounter);
    return {
      castAll: (count) => Effect.runPromise(castAll(queue, count)),
      callOneByOne: (count) => Effect.runPromise(callEach(queue, 0, 1, count)),
      callInFlight: (count) => Effect.runPromise(callInFlight(queue, count)),
      stop: () => Effect.runPromise(Fiber.interrupt(fiber)),
    };
  },

  spawnAndStop: (count) =>
    Effect.runPromise(
      Effect.gen(function* () {
        const fibers = [];
        for (let index = 0; index < count; index += 1) fibers.push((yield* spawnCounter).fiber);
        yield* Fiber.interruptAll(fibers);
      }),
    ),
};

const spawnCounter = Effect.gen(function* () {
  const queue = yield* Queue.bounded<Message>(inFlight);
  const fiber = yield* Effect.forkDetach(count(queue));
  return { queue, fiber };
});

function count(queue: Queue.Queue<Message>): Effect.Effect<never> {
  return Effect.gen(function* () {
    let sum = 0;
    while (true) {
      for (const message of yield* Queue.takeAll(queue)) {
        switch (message.type) {
          case "add":
            sum += message.value;
            break;
          case "same":
            Deferred.doneUnsafe(message.reply, Effect.succeed(message.value));
            break;
          case "takeSum":
            Deferred.doneUnsafe(message.reply, Effect.succeed(sum));
            sum = 0;
            break;
        }
      }
    }
  });
}

function castAll(queue: Queue.Queue<Message>, operations: number): Effect.Effect<number> {
  return Effect.gen(function* () {
    for (let index = 0; index < operations; index += 1) {
      const message: Message = { type: "add", value: valueAt(index) };
      if (!Queue.offerUnsafe(queue, message)) yield* Queue.offer(queue, message);
    }
    const reply = yield* Deferred.make<number>();
    yield* Queue.offer(queue, { type: "takeSum", reply });
    return yield* Deferred.await(reply);
  });
}

function callEach(
  queue: Queue.Queue<Message>,
  first: number,
  step: number,
  operations: number,
): Effect.Effect<number> {
  return Effect.gen(function* () {
    let sum = 0;
    for (let index = first; index < operations; index += step) {
      const message: Message = {
        type: "same",
        value: valueAt(index),
        reply: Deferred.makeUnsafe<number>(),
      };
      if (!Queue.offerUnsafe(queue, message)) yield* Queue.offer(queue, message);
      sum += yield* Deferred.await(message.reply);
    }
    return sum;
  });
}

function callInFlight(queue: Queue.Queue<Message>, operations: number): Effect.Effect<number> {
  const callers = Array.from({ length: inFlight }, (_, first) =>
    callEach(queue, first, inFlight, operations),
  );
  return Effect.map(Effect.all(callers, { concurrency: "unbounded" }), (sums) =>
    sums.reduce((sum, part) => sum + part, 0),
  );
}
