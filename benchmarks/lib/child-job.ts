import type { Clocks } from "./clocks.ts";
import type { Measurement } from "./measure-case.ts";

/** What a child process is asked to do. */
export interface ChildJob {
  readonly group: string;
  /** Names of the cases that run in this one process, in this order. */
  readonly cases: readonly string[];
  readonly quick: boolean;
}

/** What it answers. */
export interface ChildResult {
  readonly measurements: readonly Measurement[];
  readonly calibration: Clocks;
}
