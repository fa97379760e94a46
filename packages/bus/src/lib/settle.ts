import { cycle, resolve } from "./dependencies.ts";
import { type Edge, flag, type Node } from "./node.ts";
import { presentTime } from "./time.ts";

const { attached, due, settling, stale, untold } = flag;

/** What is being settled; `back` leads to what waits for it, and to what is being made where that reads it. */
export let tip: Node | undefined;

/** Counts the changes of sources, and whatever else makes it necessary to look again. */
let clock = 1;
/** Counts downwards the reads from outside: what does not tell of changes is asked once for each. */
let inquiry = -1;

/** Something has changed, or may have: what is not told of changes looks again when it is read. */
export function doubt(): void {
  clock++;
}

/**
 * Brings `node` up to date for who reads it.
 * @throws {TypeError} when it comes from what is being made at this moment, and would be made from itself
 */
export function settleForReader(node: Node): void {
  const base = tip;
  if (base === undefined) inquiry--;
  if (isSettled(node)) return;
  try {
    if (!node.isResolved) resolve(node);
    settle(node);
  } finally {
    unwind(base);
  }
}

/**
 * Brings `node`, which is attached, up to date in its turn, when what it comes from most often has been: a short way. `at` is
 * the time of the change, where that is known already.
 */
export function settleInTurn(node: Node, at: number | undefined): void {
  inquiry--;
  let { flags } = node;
  for (let edge = node.firstDependency; edge !== undefined; edge = edge.nextDependency) {
    const { dependency } = edge;
    if ((dependency.flags & (stale | settling | untold)) !== 0) {
      node.flags = flags;
      return settle(node);
    }
    if (edge.seen !== dependency.version) {
      edge.seen = dependency.version;
      flags |= due;
    }
  }
  flags &= ~(stale | untold);
  if ((flags & due) === 0) {
    node.flags = flags;
    return;
  }
  node.flags = flags | settling;
  node.back = undefined;
  tip = node;
  makeAnew(node, at);
  tip = undefined;
}

/** Leaves what is being settled, down to `base`. */
export function unwind(base: Node | undefined): void {
  for (; tip !== base; tip = tip!.back) tip!.flags &= ~settling;
}

/** Makes the value of `node` anew, at a time that may be known; returns whether it is another one. */
export function remake(node: Node, compute: () => unknown, at?: number): boolean {
  try {
    const value = compute();
    const isEqual = node.isEqual(value);
    node.succeeded(at ?? presentTime());
    if (isEqual) node.unchanged++;
    else node.take(value);
    return !isEqual;
  } catch (thrown) {
    node.owner.failed!(thrown);
    return false;
  }
}

/**
 * Whether `node` cannot have changed since it was settled. What is not attached is not told of changes, and keeps its mark:
 * there the clock says whether anything has changed at all.
 */
function isSettled(node: Node): boolean {
  const { flags, settledAt } = node;
  if ((flags & (attached | settling)) === 0) return settledAt === clock || settledAt === inquiry;
  return (flags & (stale | settling)) === 0;
}

/** Brings `target` up to date, and before it what it comes from. */
function settle(target: Node): void {
  const base = tip;
  enter(target);
  for (let node = target; ; node = tip!) {
    const found = look(node, node.cursor);
    if (found < 0) {
      enter(node.cursor!.dependency);
    } else {
      make(node, found);
      tip = node.back;
      if (tip === base) return;
    }
  }
}

function enter(node: Node): void {
  if ((node.flags & settling) !== 0) throw cycle("read", pathTo(node));
  node.flags = (node.flags & ~untold) | settling;
  node.cursor = node.firstDependency;
  node.back = tip;
  tip = node;
}

/** What leads from `node` to the tip. */
function pathTo(node: Node): Node[] {
  const path: Node[] = [];
  for (let at = tip; at !== undefined && at !== node; at = at.back) path.unshift(at);
  return [node, ...path];
}

/**
 * Looks, from one dependency on, for what makes it necessary to make `node` anew.
 * @returns the flags that say what was found; less than 0 when the dependency at the cursor must be settled before
 */
function look(node: Node, from: Edge | undefined): number {
  let found = 0;
  for (let edge = from; edge !== undefined; edge = edge.nextDependency) {
    const { dependency } = edge;
    const { flags } = dependency;
    if ((flags & (stale | settling)) !== 0 && !isSettled(dependency)) {
      node.cursor = edge;
      node.flags |= found;
      return -1;
    }
    if ((flags & untold) !== 0) {
      found |= untold;
      dependency.owner.sample?.();
    }
    if (edge.seen !== dependency.version) {
      edge.seen = dependency.version;
      found |= due;
    }
  }
  return found;
}

/** Makes `node` anew, if it must be; what it depends on is settled. */
function make(node: Node, found: number): void {
  const flags = node.flags | found;
  if ((flags & attached) !== 0) {
    node.flags = flags & ~(stale | untold);
  } else {
    node.flags = flags;
    node.settledAt = (flags & untold) === 0 ? clock : inquiry;
  }
  if ((flags & due) !== 0) makeAnew(node);
  else node.flags &= ~settling;
}

function makeAnew(node: Node, at?: number): void {
  const { compute } = node;
  if (compute === undefined ? node.owner.update!() : remake(node, compute, at)) node.version++;
  node.flags &= ~(due | settling);
}
