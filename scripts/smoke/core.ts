// The counter of the documentation, on the packed `@sup/core`: compiled as for a browser, and run on every runtime.
import { type ActorCrashedError, type ActorStoppedError, actor, Supervisor } from "@sup/core";
import { Deadline, Feed, type FeedIterator } from "@sup/core/adapter";
import * as testing from "@sup/core/testing";

const counter = actor(
  "counter",
  () => {
    let count = 0;
    return {
      increment(by: number) {
        count += by;
      },
      fail() {
        throw new Error("as told");
      },
      get: () => count,
    };
  },
  { capacity: 10 },
);

const root = new Supervisor("root", {
  actors: [counter],
  policy: "permanent",
  restartDelay: 1,
  restartLimit: { maxRestarts: 5, window: 10_000 },
});
root.start();

await counter.cast("increment", 10);
await counter.cast("increment", 32);
const count: number = await counter.call("get");
expect("the count", count, 42);

const failure: unknown = await counter.call("fail").catch((error: unknown) => error);
expect("the error of the caller", (failure as ActorCrashedError).message, "as told");
expect("the count after the restart", await counter.call("get"), 0);

await root.stop();
const refusal: unknown = await counter.call("get").catch((error: unknown) => error);
expect("the code of a call after the end", (refusal as ActorStoppedError).code, "ACTOR_STOPPED");
const feed = new Feed<string>("read");
const values: FeedIterator<string> = feed.read();
void new Deadline(1, () => feed.publish("late"));
expect("what a feed gives, after a deadline", (await values.next()).value, "late");
feed.end();
expect("the end of a feed", (await values.next()).done, true);

expect("the entry for tests", Object.keys(testing).length > 0, true);

function expect(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) {
    throw new Error(`Expected ${what} to be ${String(expected)}, got ${String(actual)}`);
  }
}
