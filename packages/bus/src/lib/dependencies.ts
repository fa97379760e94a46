import { Edge, flag, type Node } from "./node.ts";

const { derived, settling } = flag;

interface Visit {
  readonly node: Node;
  readonly dependencies: readonly Node[];
  /** The first dependency that has not been visited. */
  next: number;
}

/**
 * Asks `root`, and whatever is upstream of it, for its dependencies.
 * @throws {TypeError} when they form a cycle
 */
export function resolve(root: Node): void {
  const path: Visit[] = [];
  let current: Node | undefined = root;
  try {
    for (;;) {
      if (current !== undefined) path.push(visit(current, path));
      const here = path.at(-1);
      if (here === undefined) return;
      current = nextUnresolved(here);
      if (current !== undefined) continue;
      connect(here);
      here.node.flags &= ~settling;
      path.pop();
    }
  } finally {
    for (const { node } of path) node.flags &= ~settling;
  }
}

/** An error that says that `path` leads back to where it begins. */
export function cycle(action: string, path: readonly Node[]): TypeError {
  const names = [...path, path[0]!].map(({ name }) => name).join(" → ");
  return new TypeError(`Cannot ${action} "${path[0]!.name}": it depends on itself: ${names}`);
}

function visit(node: Node, path: readonly Visit[]): Visit {
  if ((node.flags & settling) !== 0) {
    const nodes = path.map((one) => one.node);
    const at = nodes.indexOf(node);
    // A function that returns the dependencies may have read what it belongs to.
    throw cycle("compute", at < 0 ? [node] : nodes.slice(at));
  }
  node.flags |= settling;
  try {
    return { node, dependencies: node.owner.dependencies!(), next: 0 };
  } catch (error) {
    node.flags &= ~settling;
    throw error;
  }
}

function nextUnresolved(visit: Visit): Node | undefined {
  while (visit.next < visit.dependencies.length) {
    const dependency = visit.dependencies[visit.next++]!;
    if ((dependency.flags & derived) !== 0 && !dependency.isResolved) return dependency;
  }
  return undefined;
}

function connect({ node, dependencies }: Visit): void {
  let edge: Edge | undefined;
  for (const dependency of dependencies.toReversed()) edge = new Edge(dependency, node, edge);
  node.firstDependency = edge;
  node.isResolved = true;
}
