import type { ActorRow } from "./row.ts";

export const sortKeys = ["name", "state", "mailbox", "rate", "restarts", "age"] as const;
export type SortKey = (typeof sortKeys)[number];

/** By what a flat list is sorted, and which end comes first; in the order of the tree without one. */
export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Sorts in place; equal ones, and those without the number, in the order in which they were, the latter last. */
export function sortRows(rows: ActorRow[], { key, descending }: Sort): ActorRow[] {
  const sign = descending ? -1 : 1;
  if (key === "name" || key === "state") {
    const word = key === "name" ? nameOf : stateOf;
    return rows.sort((a, b) => sign * compareWords(word(a), word(b)));
  }
  const number = measures[key];
  return rows.sort((a, b) => {
    const [x, y] = [number(a), number(b)];
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined);
    return sign * (x - y);
  });
}

const measures: Readonly<
  Record<Exclude<SortKey, "name" | "state">, (row: ActorRow) => number | undefined>
> = {
  mailbox: ({ state }) => state.queued,
  rate: (row) => row.rate,
  restarts: ({ sums }) => sums.restarts,
  // The age grows as the start lies back.
  age: ({ state }) => (state.startedAt === undefined ? undefined : -state.startedAt),
};

function nameOf({ state }: ActorRow): string {
  return state.name;
}

function stateOf({ state }: ActorRow): string {
  return state.status;
}

const collator = new Intl.Collator("en", { numeric: true });

function compareWords(a: string, b: string): number {
  return collator.compare(a, b);
}
