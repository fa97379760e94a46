import { attach, detach } from "./attachment.ts";
import { cycle, resolve } from "./dependencies.ts";
import {
  attached,
  type Derived,
  due,
  live,
  type Node,
  queued,
  settling,
  stale,
  untold,
} from "./node.ts";

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
 * Nothing recurses, and nothing is allocated on the way: edges are made once, and all lists go through the nodes.
 */

/** Counts the changes of sources, and whatever else makes it necessary to look again. */
let clock = 1;
/** Counts downwards the reads from outside: what does not tell of changes is asked once for each. */
let inquiry = -1;
/** When the changes happened that are being worked on, in epoch milliseconds; 0 until somebody asks. */
let time = 0;
let isFlushing = false;
/** What is being settled; `back` leads to what waits for it, and to what is being made where that reads it. */
let tip: Derived | undefined;

let firstQueued: Derived | undefined;
let lastQueued: Derived | undefined;
let firstTold: Node | undefined;
let lastTold: Node | undefined;
let reports: (() => void)[] = [];

/** A source has changed, `at` epoch milliseconds: what is downstream follows, and listeners are called. */
export function propagate(source: Node, at: number = 0): void {
  clock++;
  source.version++;
  mark(source);
  announce(source);
  flush(at);
}

/**
 * Brings `node` up to date for who reads it.
 * @throws {TypeError} when it comes from what is being made at this moment, and would be made from itself
 */
export function refresh(node: Derived): void {
  const base = tip;
  if (base === undefined) inquiry--;
  if (isSettled(node)) return;
  try {
    if (!node.isResolved) resolve(node);
    settle(node);
  } finally {
    unwind(base);
    flush(time);
  }
}

/** Something that told of its changes does so no more: what has been settled is no longer known to be right. */
export function doubt(): void {
  clock++;
}

/** The actor of `node` runs: from now on it follows its dependencies. */
export function start(node: Derived): void {
  if (!node.isResolved) resolve(node);
  node.flags |= live;
  // A life begins clean: what failed is tried anew.
  if (node.error !== undefined) node.flags |= stale | due;
  attach(node);
  clock++;
  const { version } = node;
  refresh(node);
  if (node.version !== version) mark(node);
  if (node.version !== node.announced) announce(node);
  flush();
}

/** The actor of `node` does not run any more. */
export function stop(node: Derived): void {
  const wasGathering = isGathering(node);
  node.flags &= ~live;
  if (!node.isLazy || node.firstDependent === undefined) detach(node);
  if (!wasGathering) return;
  // Nobody will release it: those that wait for it follow now.
  mark(node);
  flush();
}

/** Broadcasts what `node`, which has gathered changes, has become, and lets those follow that have waited for it. */
export function release(node: Derived): void {
  refresh(node);
  mark(node);
  if (node.version !== node.announced) announce(node);
  flush();
}

/** Calls `report` when the graph is settled: until then no code of users may run but what is part of it. */
export function later(report: () => void): void {
  if (isFlushing || tip !== undefined) reports.push(report);
  else report();
}

/** When the changes happened that are being worked on, in epoch milliseconds. */
export function changeTime(): number {
  if (!isFlushing && tip === undefined) return Date.now();
  if (time === 0) time = Date.now();
  return time;
}

/** Marks and queues what is downstream; what waits for something that gathers changes is marked, and not queued. */
function mark(source: Node): void {
  let first: Derived | undefined;
  let last: Derived | undefined;
  let gathering: Derived | undefined;
  let edge = source.firstDependent;
  for (;;) {
    for (; edge !== undefined; edge = edge.after) {
      const node: Derived = edge.dependent;
      if ((node.flags & queued) === 0) enqueue(node);
      else if ((node.flags & stale) !== 0) continue;
      node.flags |= stale | queued;
      if (node.firstDependent === undefined) continue;
      if (isGathering(node)) {
        node.nextMarked = gathering;
        gathering = node;
      } else {
        if (last === undefined) first = node;
        else last.nextMarked = node;
        last = node;
      }
    }
    if (first === undefined) break;
    const node: Derived = first;
    edge = node.firstDependent;
    first = node.nextMarked;
    if (first === undefined) last = undefined;
    else node.nextMarked = undefined;
  }
  if (gathering !== undefined) markOnly(gathering);
}

/** Marks what is downstream of what is linked by `nextMarked`. */
function markOnly(first: Derived): void {
  for (let node: Derived | undefined = first; node !== undefined;) {
    let next: Derived | undefined = node.nextMarked;
    node.nextMarked = undefined;
    for (let edge = node.firstDependent; edge !== undefined; edge = edge.after) {
      const { dependent } = edge;
      if ((dependent.flags & stale) !== 0) continue;
      dependent.flags |= stale;
      dependent.nextMarked = next;
      next = dependent;
    }
    node = next;
  }
}

/** Whether it lets changes come together before it follows: what waits for it alone waits as well. */
function isGathering(node: Derived): boolean {
  return node.postpone !== undefined && (node.flags & live) !== 0;
}

function enqueue(node: Derived): void {
  if (lastQueued === undefined) firstQueued = node;
  else lastQueued.nextQueued = node;
  lastQueued = node;
}

/** Fills the inlets; the turn of the listeners comes with `flush`. */
function announce(node: Node): void {
  node.announced = node.version;
  if (node.hasValue) node.audience.push(node.value, node.version);
  if (node.isTold || !node.audience.hasListeners) return;
  node.isTold = true;
  if (lastTold === undefined) firstTold = node;
  else lastTold.nextTold = node;
  lastTold = node;
}

/** Does what is to be done, unless that is being done, or something is being settled. */
function flush(at: number = 0): void {
  if (isFlushing || tip !== undefined) return;
  isFlushing = true;
  time = at;
  try {
    do {
      settleQueued();
      if (reports.length > 0) deliver();
      callListeners();
    } while (firstQueued !== undefined || firstTold !== undefined || reports.length > 0);
  } finally {
    unwind(undefined);
    isFlushing = false;
    time = 0;
  }
}

function settleQueued(): void {
  for (let node = firstQueued; node !== undefined; node = firstQueued) {
    firstQueued = node.nextQueued;
    if (firstQueued === undefined) lastQueued = undefined;
    else node.nextQueued = undefined;
    node.flags &= ~queued;
    if ((node.flags & live) === 0) continue;
    if (node.postpone !== undefined) {
      node.postpone();
    } else {
      if ((node.flags & stale) !== 0) settle(node);
      if (node.version !== node.announced) announce(node);
    }
  }
}

function deliver(): void {
  const pending = reports;
  reports = [];
  for (const report of pending) report();
}

/** Calls the listeners of one value; returns whether there may be more to do. */
function callListeners(): boolean {
  const node = firstTold;
  if (node === undefined) return firstQueued !== undefined || reports.length > 0;
  firstTold = node.nextTold;
  if (firstTold === undefined) lastTold = undefined;
  node.nextTold = undefined;
  node.isTold = false;
  node.audience.call(node.report);
  return firstTold !== undefined || firstQueued !== undefined || reports.length > 0;
}

/**
 * Whether `node` cannot have changed since it was settled. What is not attached is not told of changes, and keeps its mark:
 * there the clock says whether anything has changed at all.
 */
function isSettled(node: Derived): boolean {
  const { flags, settledAt } = node;
  if ((flags & (attached | settling)) === 0) return settledAt === clock || settledAt === inquiry;
  return (flags & (stale | settling)) === 0;
}

/** Brings `target` up to date, and before it what it comes from. */
function settle(target: Derived): void {
  const base = tip;
  if (base === undefined) inquiry--;
  enter(target);
  for (let node = target; ; node = tip!) {
    const unsettled = look(node);
    if (unsettled !== undefined) {
      enter(unsettled);
      continue;
    }
    make(node);
    tip = node.back;
    if (tip === base) return;
  }
}

function enter(node: Derived): void {
  if ((node.flags & settling) !== 0) throw cycle("read", pathTo(node));
  node.flags = (node.flags & ~untold) | settling;
  node.cursor = node.firstDependency;
  node.back = tip;
  tip = node;
}

/** Leaves what is being settled, down to `base`. */
function unwind(base: Derived | undefined): void {
  for (; tip !== base; tip = tip!.back) tip!.flags &= ~settling;
}

/** What leads from `node` to the tip. */
function pathTo(node: Derived): Node[] {
  const path: Node[] = [];
  for (let at = tip; at !== undefined && at !== node; at = at.back) path.unshift(at);
  return [node, ...path];
}

/**
 * Looks, from where it has stopped before, for what makes it necessary to make `node` anew.
 * @returns the first dependency that must be settled before
 */
function look(node: Derived): Derived | undefined {
  let found = 0;
  for (let edge = node.cursor; edge !== undefined; edge = edge.nextDependency) {
    const { dependency } = edge;
    const { flags } = dependency;
    if ((flags & (stale | settling)) !== 0 && !isSettled(dependency as Derived)) {
      node.cursor = edge;
      node.flags |= found;
      return dependency as Derived;
    }
    if ((flags & untold) !== 0) {
      found |= untold;
      dependency.sample();
    }
    if (edge.seen !== dependency.version) {
      edge.seen = dependency.version;
      found |= due;
    }
  }
  node.flags |= found;
  return undefined;
}

/** Makes `node` anew, if it must be; what it depends on is settled. */
function make(node: Derived): void {
  const { flags } = node;
  node.settledAt = (flags & untold) === 0 ? clock : inquiry;
  if ((flags & attached) !== 0) node.flags = flags & ~stale;
  if ((flags & due) !== 0 && node.update()) node.version++;
  node.flags &= ~(due | settling);
}
