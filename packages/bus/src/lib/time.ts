/*
 * Times are in milliseconds since this module was loaded: for the first 24 days of a process those are small integers, which
 * the engines of JavaScript store without an allocation.
 */
const origin = Date.now();
const clock = Date.now;
const settled = Promise.resolve();

/** When this turn of the event loop began to change things. */
let turn: number | undefined;

export function now(): number {
  return Date.now() - origin;
}

/**
 * The time as it was when this turn of the event loop asked first. Reading the clock costs as much as all else that a change
 * does, and a turn may bring thousands. Where a test has replaced the clock it is read each time, as it may jump within a turn.
 */
export function turnTime(): number {
  if (turn !== undefined && Date.now === clock) return turn;
  if (turn === undefined) void settled.then(forgetTurn);
  return (turn = now());
}

/** A time as epoch milliseconds. */
export function toEpoch(time: number): number {
  return time + origin;
}

function forgetTurn(): void {
  turn = undefined;
}
