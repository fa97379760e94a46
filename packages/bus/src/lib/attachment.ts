import { type Edge, flag, type Node } from "./node.ts";

const { attached, derived, lazy, live, stale } = flag;

/** Makes what `root` is made from know of it, and so on upstream. */
export function attach(root: Node): void {
  const waiting = [root];
  const sources: Node[] = [];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ((node.flags & attached) !== 0) continue;
    node.flags |= attached | stale;
    for (let edge = node.firstDependency; edge !== undefined; edge = edge.nextDependency) {
      const { dependency } = edge;
      const isFirst = dependency.firstDependent === undefined;
      append(edge);
      if (!isFirst) continue;
      if ((dependency.flags & derived) === 0) sources.push(dependency);
      else if ((dependency.flags & lazy) !== 0) waiting.push(dependency);
    }
  }
  for (const source of sources) source.owner.used?.();
}

/** Makes what `root` is made from forget it, and so on upstream where nobody else needs that. */
export function detach(root: Node): void {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ((node.flags & attached) === 0) continue;
    node.flags &= ~attached;
    // What can be made for who reads it has to be looked at by each read from now on; the others keep what they have.
    if ((node.flags & lazy) !== 0) node.flags |= stale;
    else node.flags &= ~stale;
    node.settledAt = 0;
    for (let edge = node.firstDependency; edge !== undefined; edge = edge.nextDependency) {
      const { dependency } = edge;
      remove(edge);
      if (dependency.firstDependent !== undefined) continue;
      if ((dependency.flags & derived) === 0) dependency.owner.unused?.();
      else if ((dependency.flags & (lazy | live)) === lazy) waiting.push(dependency);
    }
  }
}

function append(edge: Edge): void {
  const { dependency } = edge;
  edge.before = dependency.lastDependent;
  if (edge.before === undefined) dependency.firstDependent = edge;
  else edge.before.after = edge;
  dependency.lastDependent = edge;
}

function remove(edge: Edge): void {
  const { dependency, before, after } = edge;
  if (before === undefined) dependency.firstDependent = after;
  else before.after = after;
  if (after === undefined) dependency.lastDependent = before;
  else after.before = before;
  edge.before = edge.after = undefined;
}
