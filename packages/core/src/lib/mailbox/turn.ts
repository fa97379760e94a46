import { Line } from "../line.ts";
import type { Receiver } from "./receiver.ts";

/**
 * Milliseconds of continuous work after which timers and I/O get a turn, and messages between two looks at the clock. Any
 * message may be the first slow one: with 1 ms for each, the one before a turn's first look and a whole stride after its
 * last one still stay below 10 ms.
 */
const longestTurn = 0.9;
const longestStride = 8;

// Taken when the module loads: how long the event loop is held up is real time, also under the fake clock of a test.
const now = performance.now.bind(performance);
const afterInput = macrotask();
const settled = Promise.resolve();

/** Receivers that have something to do, in the order in which they got it. */
const line = new Line<Receiver>();
/** Whether a run of them is on its way. */
let scheduled = false;

/** Whether the loop is being given to timers and I/O, and nobody takes a message until it comes back. */
let yielding = false;
/** When work in this turn of the event loop was first looked at, 0 if it was not. */
let turnStart = 0;
/** Messages until the clock is read again: many when they are quick, one when they are slow. */
let stride = 1;
let untilLook = 1;
let lastLook = 0;

/** Runs `receiver` in a microtask, or when the loop comes back. */
export function schedule(receiver: Receiver): void {
  line.add(receiver);
  if (scheduled) return;
  scheduled = true;
  if (!yielding) void settled.then(run);
}

/** To be asked before each message: whether it must wait until timers and I/O had their turn. */
export function mustYield(): boolean {
  return yielding || (--untilLook <= 0 && look());
}

function run(): void {
  try {
    while (!yielding && line.first !== undefined) line.shift()!.proceed();
  } finally {
    // Whatever may be thrown, those behind go on.
    if (!yielding && (scheduled = line.first !== undefined)) void settled.then(run);
  }
}

function look(): boolean {
  const time = now();
  stride = time - lastLook < 0.5 ? Math.min(stride * 2, longestStride) : 1;
  untilLook = stride;
  lastLook = time;
  if (turnStart === 0) {
    // Before it counts as asked for: the stack may come to its end here.
    afterInput(endTurn);
    turnStart = time;
  } else if (time - turnStart > longestTurn) {
    yielding = true;
  }
  return yielding;
}

function endTurn(): void {
  turnStart = 0;
  untilLook = stride = Math.min(stride, 2);
  if (!yielding) return;
  yielding = false;
  run();
}

/** A function that runs its argument after pending input and output; each platform has its own. */
function macrotask(): (task: () => void) => void {
  const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => void };
  if (setImmediate !== undefined) return setImmediate;
  const { port1, port2 } = new MessageChannel();
  return (task) => {
    (port1 as { onmessage?: unknown }).onmessage = task;
    port2.postMessage(0);
  };
}
