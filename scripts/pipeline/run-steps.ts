import { Trouble } from "../toolchain/trouble.mjs";
import type { Step } from "./step.ts";

/** As many as there are cores on a small machine: the tools use threads of their own. */
const places = 2;

/**
 * Runs each step as soon as the steps it comes after have passed, and writes a line when it has ended.
 *
 * @returns The names of the steps that did not pass.
 */
export async function runSteps(steps: readonly Step[]): Promise<string[]> {
  const waiting = new Set(steps);
  const running = new Map<Step, Promise<void>>();
  const passed = new Set<string>();
  const missed: string[] = [];

  const start = (step: Step) => {
    waiting.delete(step);
    const run = timed(step).then((ok) => {
      running.delete(step);
      if (ok) passed.add(step.name);
      else missed.push(step.name);
    });
    running.set(step, run);
  };

  while (waiting.size + running.size > 0) {
    const before = waiting.size;
    for (const step of waiting) {
      const blocker = step.after?.find((name) => missed.includes(name));
      if (blocker !== undefined) {
        waiting.delete(step);
        missed.push(step.name);
        report("not run", step.name, undefined, `after ${blocker}`);
      } else if (isReady(step, passed) && hasPlace(step, [...running.keys()])) {
        start(step);
      }
    }
    if (running.size > 0) {
      await Promise.race(running.values());
    } else if (waiting.size === before) {
      const names = Array.from(waiting, ({ name }) => name).join(", ");
      throw new Error(`Cannot run ${names}: what they come after is not there`);
    }
  }
  return missed;
}

function isReady(step: Step, passed: ReadonlySet<string>): boolean {
  return (step.after ?? []).every((name) => passed.has(name));
}

function hasPlace(step: Step, running: readonly Step[]): boolean {
  if (running.some(({ alone }) => alone)) return false;
  return step.alone ? running.length === 0 : running.length < places;
}

async function timed(step: Step): Promise<boolean> {
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  try {
    report("ok", step.name, seconds, (await step.run()) ?? "");
    return true;
  } catch (error) {
    report("FAILED", step.name, seconds, "");
    console.log(error instanceof Trouble ? error.message : error);
    return false;
  }
}

function report(
  result: "ok" | "FAILED" | "not run",
  name: string,
  seconds: (() => number) | undefined,
  remark: string,
): void {
  const time = seconds === undefined ? "" : `${seconds().toFixed(1)} s`;
  console.log(`${result.padEnd(8)}${name.padEnd(22)}${time.padStart(8)}  ${remark}`.trimEnd());
}
