import { concurrently } from "../lib/concurrently.ts";
import { valueAt } from "../lib/values.ts";
import { inFlight, type PeerCounter } from "./peer.ts";

/** The two call rows of a peer whose calls return a promise. */
export function callRows(
  call: (value: number) => Promise<number>,
): Pick<PeerCounter, "callOneByOne" | "callInFlight"> {
  return {
    callOneByOne: (count) => sumReplies(1, count, call),
    callInFlight: (count) => sumReplies(inFlight, count, call),
  };
}

async function sumReplies(
  callers: number,
  count: number,
  call: (value: number) => Promise<number>,
): Promise<number> {
  let sum = 0;
  await concurrently(callers, async (first, step) => {
    for (let index = first; index < count; index += step) {
      // Read after the reply: `sum += await …` would add to what the sum was before.
      const reply = await call(valueAt(index));
      sum += reply;
    }
  });
  return sum;
}
