/*
 * Times are in milliseconds since this module was loaded: for the first 24 days of a process those are small integers, which
 * the engines of JavaScript store without an allocation.
 */
const origin = Date.now();
const clock = Date.now;
const settled = Promise.resolve();
// Taken when the module loads: what it measures is real, also under the fake clock of a test.
const { setImmediate: afterInput = setTimeout } = globalThis as Partial<typeof globalThis>;

/** Milliseconds after which timers and I/O should have a turn. */
const longestTurn = 5;

/** Stands for no time; an integer as well, which what `**` makes is not to V8, so that a field for times holds nothing else. */
export const never = -(1 << 30);

/** The time as it is for all that happens in this microtask. */
let present: number | undefined;
/** When this turn of the event loop changed something first. */
let turnBegan: number | undefined;
let isLong = false;
/** Of those who wait for the end of this turn. */
let over: PromiseWithResolvers<void> | undefined;

export function now(): number {
  return Date.now() - origin;
}

/**
 * The time as it was when this microtask asked first. Reading the clock costs as much as all else that a change does, and a
 * microtask may bring thousands. Where a test has replaced the clock it is read each time, as it may jump.
 */
export function presentTime(): number {
  if (Date.now !== clock) return now();
  if (present !== undefined) return present;
  // Each before it counts as asked for: the stack may come to its end here.
  void settled.then(passPresent);
  present = now();
  if (turnBegan === undefined) {
    afterInput(endTurn);
    turnBegan = present;
  } else {
    isLong = present - turnBegan >= longestTurn;
  }
  return present;
}

/** Whether changes have kept timers and I/O from their turn for long. */
export function isTurnLong(): boolean {
  return isLong;
}

/** Resolves when timers and I/O have had their turn, after one that was long. */
export function endOfTurn(): Promise<void> {
  over ??= Promise.withResolvers();
  return over.promise;
}

/** A time as epoch milliseconds. */
export function toEpoch(time: number): number | undefined {
  return time === never ? undefined : time + origin;
}

function passPresent(): void {
  present = undefined;
}

function endTurn(): void {
  turnBegan = undefined;
  isLong = false;
  over?.resolve();
  over = undefined;
}
