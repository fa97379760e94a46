import { attach, detach } from "./attachment.ts";
import { resolve } from "./dependencies.ts";
import { flag, type Node } from "./node.ts";
import { doubt, settleForReader, settleInTurn, tip, unwind } from "./settle.ts";

const { due, gathering, lazy, live, queued, stale, told } = flag;

/*
 * How a change goes through the graph:
 *
 * 1. `propagate` marks what is downstream as stale, and queues it. From then on no read gives an old value: who reads what
 *    is stale settles it first.
 * 2. `settle` brings one value up to date: first what it depends on, then itself, if one of those has another version than
 *    the one that it was made from.
 * 3. `flush` settles what is queued, then calls the listeners of one value. What they change is marked at once, and settled
 *    before the listeners of the next value are called.
 *
 * Nothing recurses, and nothing is allocated on the way: edges are made once, and the lists keep their places.
 */

let isFlushing = false;

/** What is to be settled, up to before `queueTail`; the places are taken again and again. */
const queue: (Node | undefined)[] = [];
let queueTail = 0;
/** Whose listeners are to be called, in the same way. */
const changed: (Node | undefined)[] = [];
let changedTail = 0;
let reports: (() => void)[] = [];

/** A source has changed, at a time that may be known: what is downstream follows, and listeners are called. */
export function propagate(source: Node, at?: number): void {
  doubt();
  source.version++;
  mark(source);
  announce(source);
  flush(at);
}

/**
 * Brings `node` up to date for who reads it.
 * @throws {TypeError} when it comes from what is being made at this moment, and would be made from itself
 */
export function refresh(node: Node): void {
  try {
    settleForReader(node);
  } finally {
    // What is made may have changed sources, or failed.
    flush();
  }
}

/** The actor of `node` runs: from now on it follows its dependencies. */
export function start(node: Node): void {
  if (!node.isResolved) resolve(node);
  node.flags |= live;
  // A life begins clean: what failed is tried anew.
  if (node.error !== undefined) node.flags |= stale | due;
  attach(node);
  doubt();
  const { version } = node;
  refresh(node);
  if (node.version !== version) mark(node);
  if (node.version !== node.announced) announce(node);
  flush();
}

/** The actor of `node` does not run any more. */
export function stop(node: Node): void {
  const wasGathering = isGathering(node);
  node.flags &= ~live;
  if ((node.flags & lazy) === 0 || node.firstDependent === undefined) detach(node);
  if (!wasGathering) return;
  // Nobody will release it: those that wait for it follow now.
  mark(node);
  flush();
}

/** Broadcasts what `node`, which has gathered changes, has become, and lets those follow that have waited for it. */
export function release(node: Node): void {
  refresh(node);
  mark(node);
  if (node.version !== node.announced) announce(node);
  flush();
}

/** Whether nothing is being changed, and nothing made, at this moment. */
export function isAtRest(): boolean {
  return !isFlushing && tip === undefined;
}

/** Calls `report` when the graph is settled: until then no code of users may run but what is part of it. */
export function later(report: () => void): void {
  if (isAtRest()) report();
  else reports.push(report);
}

/** Marks and queues what is downstream; what waits for something that gathers changes is marked, and not queued. */
function mark(source: Node): void {
  let walked = queueTail;
  markDependents(source);
  // The walk goes through what it puts into the queue itself.
  for (; walked < queueTail; walked++) {
    const node = queue[walked]!;
    if (node.firstDependent === undefined) continue;
    if (isGathering(node)) markOnly(node);
    else markDependents(node);
  }
}

function markDependents(node: Node): void {
  for (let edge = node.firstDependent; edge !== undefined; edge = edge.after) {
    const { dependent } = edge;
    const { flags } = dependent;
    // What is queued may have been settled since, because somebody read it: then it is queued once more.
    if ((flags & (stale | queued)) === (stale | queued)) continue;
    dependent.flags = flags | stale | queued;
    queue[queueTail++] = dependent;
  }
}

function markOnly(source: Node): void {
  // Linked by `nextMarked`: from where the marking goes on.
  let waiting: Node | undefined;
  for (let node: Node | undefined = source; node !== undefined;) {
    for (let edge = node.firstDependent; edge !== undefined; edge = edge.after) {
      const { dependent } = edge;
      if ((dependent.flags & stale) !== 0) continue;
      dependent.flags |= stale;
      dependent.nextMarked = waiting;
      waiting = dependent;
    }
    node = waiting;
    if (node === undefined) return;
    waiting = node.nextMarked;
    node.nextMarked = undefined;
  }
}

/** Whether it lets changes come together before it follows: what waits for it alone waits as well. */
function isGathering(node: Node): boolean {
  return (node.flags & (gathering | live)) === (gathering | live);
}

/** Fills the inlets; the turn of the listeners comes with `flush`. */
function announce(node: Node): void {
  node.announced = node.version;
  const { audience } = node;
  if (audience === undefined) return;
  if (audience.hasInlets && node.hasValue) audience.push(node.value, node.version);
  if ((node.flags & told) !== 0 || !audience.hasListeners) return;
  node.flags |= told;
  changed[changedTail++] = node;
}

/** Does what is to be done, unless that is being done, or something is being settled. */
function flush(at?: number): void {
  if (!isAtRest()) return;
  isFlushing = true;
  try {
    let next = 0;
    do {
      if (queueTail > 0) settleQueued(at);
      if (reports.length > 0) deliver();
      if (next < changedTail) callListeners(next++);
    } while (queueTail > 0 || next < changedTail || reports.length > 0);
    changedTail = 0;
  } finally {
    if (tip !== undefined) unwind(undefined);
    isFlushing = false;
  }
}

function settleQueued(at: number | undefined): void {
  for (let index = 0; index < queueTail; index++) {
    const node = queue[index];
    // Done already, by a flush that the end of the stack has cut off.
    if (node === undefined) continue;
    queue[index] = undefined;
    const flags = (node.flags &= ~queued);
    if ((flags & (live | gathering)) === live) {
      if ((flags & stale) !== 0) settleInTurn(node, at);
      if (node.version !== node.announced) announce(node);
    } else if ((flags & live) !== 0) {
      node.owner.postpone!();
    }
  }
  queueTail = 0;
}

function deliver(): void {
  const pending = reports;
  reports = [];
  for (const report of pending) report();
}

/** Calls the listeners of one value. */
function callListeners(at: number): void {
  const node = changed[at];
  if (node === undefined) return;
  changed[at] = undefined;
  node.flags &= ~told;
  node.audience!.call(node.owner.report);
}
