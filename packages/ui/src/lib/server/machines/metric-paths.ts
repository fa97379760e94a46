import type { ActorState } from "../../model/wire.ts";

/**
 * Says for one actor after the other, each after its supervisor and its elder siblings, the path that no other one has: names
 * from the root down, with `%`, `/` and `#` in a name escaped as in URLs, and `#2` behind the second of two twins.
 */
export class MetricPaths {
  readonly #paths: Map<number, string> = new Map();
  /** How many there are of each path. */
  readonly #twins: Map<string, number> = new Map();

  of({ id, parent, name }: Pick<ActorState, "id" | "parent" | "name">): string {
    const above = parent === undefined ? undefined : this.#paths.get(parent);
    const label = name.replace(/[%/#]/g, encodeURIComponent);
    const path = above === undefined ? label : `${above}/${label}`;
    const twin = (this.#twins.get(path) ?? 0) + 1;
    this.#twins.set(path, twin);
    const own = twin === 1 ? path : `${path}#${twin}`;
    this.#paths.set(id, own);
    return own;
  }
}
