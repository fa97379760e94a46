// The counter of the documentation, on the packed `@sup/core`: run by every Node that is supported, Bun and Deno.
import { actor, Supervisor } from "@sup/core";

const counter = actor(
  "counter",
  () => {
    let count = 0;
    return {
      increment(by) {
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

const root = new Supervisor("root", { actors: [counter], restartDelay: 1 });
root.start();

counter.cast("increment", 10);
counter.cast("increment", 32);
expect("the count", await counter.call("get"), 42);

const failure = await counter.call("fail").catch((error) => error);
expect("the caller's error", failure.message, "as told");
expect("the count after the restart", await counter.call("get"), 0);

await root.stop();
const refusal = await counter.call("get").catch((error) => error);
expect("the code of a call after the end", refusal.code, "ACTOR_STOPPED");

function expect(what, actual, expected) {
  if (actual !== expected) throw new Error(`Expected ${what} to be ${expected}, got ${actual}`);
}
