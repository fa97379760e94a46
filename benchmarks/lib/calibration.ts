import { elapsedSince, readClocks, type Clocks } from "./clocks.ts";

/**
 * Times a fixed loop of integer arithmetic, the same in each process: how far its times lie apart says how much the machine
 * itself varied, and wall time over CPU time how much of it other programs took.
 */
export function calibrate(): Clocks {
  spin(warmUpSteps);
  const start = readClocks();
  const end = spin(steps);
  const elapsed = elapsedSince(start);
  // Xorshift never comes to 0; without the question the compiler might see that nobody needs the loop.
  if (end === 0) throw new Error("Cannot calibrate: the loop came to 0");
  return elapsed;
}

const warmUpSteps = 1_000_000;
const steps = 10_000_000;

function spin(count: number): number {
  let state = 2_463_534_242;
  for (let step = 0; step < count; step += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state;
}
