/**
 * What follows something else with inertia, as flow does speed and temperature does heat: the distance to `to` shrinks to
 * 37 % in each `timeConstant`. Solved, so it is the same for one long step and for many short ones.
 */
export function approach(from: number, to: number, seconds: number, timeConstant: number): number {
  return to + (from - to) * Math.exp(-seconds / timeConstant);
}
