import { Trouble } from "../toolchain/trouble.mjs";
import { demandNone } from "./step.ts";

/**
 * Does the work for each item, two at a time.
 *
 * @throws {Finding} with what went wrong with each, after all were done.
 */
export async function twoAtATime<T>(
  items: readonly T[],
  titleOf: (item: T) => string,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const problems: string[] = [];
  const worker = async () => {
    for (const item of left) {
      try {
        await work(item);
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        problems.push(`${titleOf(item)}: ${error.message}`);
      }
    }
  };
  await Promise.all([worker(), worker()]);
  demandNone(problems);
}
