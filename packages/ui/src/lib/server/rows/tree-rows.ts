import { type Child, childOf, Supervisor } from "@sup/core";
import type { ActorState, Change } from "../../model/wire.ts";
import type { Journal } from "../journal/journal.ts";
import { ActorRow } from "./actor-row.ts";

/** What has changed in a tree between two walks. */
export interface TreeChanges {
  readonly gone: number[];
  readonly came: ActorState[];
  readonly actors: Change<ActorState>[];
}

/** The rows of a tree, read by walking it: nothing is asked of an actor, and none is told. */
export class TreeRows {
  /** By id; parents stand before their children. */
  readonly #rows: Map<number, ActorRow> = new Map();
  readonly #journal: Journal | undefined;
  #walk = 0;

  /** @param journal - Knows what actors themselves do not tell. */
  constructor(journal?: Journal) {
    this.#journal = journal;
  }

  get(id: number): ActorRow | undefined {
    return this.#rows.get(id);
  }

  states(): ActorState[] {
    return Array.from(this.#rows.values(), ({ state }) => state);
  }

  clear(): void {
    this.#rows.clear();
  }

  /** Reads the tree below `root`, and says what has changed since it was read before. */
  read(root: Supervisor): TreeChanges {
    const changes: TreeChanges = { gone: [], came: [], actors: [] };
    this.#walk++;
    const met = this.#visit(root, childOf(root), undefined, changes);
    if (met < this.#rows.size) this.#sweep(changes.gone);
    return changes;
  }

  /** @returns how many rows it has met */
  #visit(
    actor: ActorRow["actor"],
    child: Child | undefined,
    parent: number | undefined,
    changes: TreeChanges,
  ): number {
    const row = this.#meet(actor, child, parent, changes);
    let met = 1;
    if (actor instanceof Supervisor) {
      for (const below of actor.children) {
        met += this.#visit(below.actor, below, row.state.id, changes);
      }
    }
    return met;
  }

  #meet(
    actor: ActorRow["actor"],
    child: Child | undefined,
    parent: number | undefined,
    changes: TreeChanges,
  ): ActorRow {
    const known = this.#rows.get(child?.id ?? 0);
    if (known !== undefined) {
      known.seen = this.#walk;
      const change = known.read();
      if (change !== undefined) changes.actors.push(change);
      return known;
    }
    const row = new ActorRow(actor, child, parent, this.#journal);
    row.seen = this.#walk;
    this.#rows.set(row.state.id, row);
    // What is told now must not change with the row.
    changes.came.push({ ...row.state });
    return row;
  }

  #sweep(gone: number[]): void {
    for (const [id, { seen }] of this.#rows) {
      if (seen === this.#walk) continue;
      this.#rows.delete(id);
      gone.push(id);
    }
  }
}
