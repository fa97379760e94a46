import { attached, Derived, type Edge, live, type Node, stale } from "./node.ts";

/** Makes the dependencies of `root` know of it, and so on upstream. */
export function attach(root: Derived): void {
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
      if (!(dependency instanceof Derived)) sources.push(dependency);
      else if (dependency.isLazy) waiting.push(dependency);
    }
  }
  for (const source of sources) source.used();
}

/** Makes the dependencies of `root` forget it, and so on upstream where nobody else needs them. */
export function detach(root: Derived): void {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ((node.flags & attached) === 0) continue;
    node.flags &= ~attached;
    if (node.isLazy) node.flags |= stale;
    else node.flags &= ~stale;
    node.settledAt = 0;
    for (let edge = node.firstDependency; edge !== undefined; edge = edge.nextDependency) {
      const { dependency } = edge;
      remove(edge);
      if (dependency.firstDependent !== undefined) continue;
      if (!(dependency instanceof Derived)) dependency.unused();
      else if (dependency.isLazy && (dependency.flags & live) === 0) waiting.push(dependency);
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
