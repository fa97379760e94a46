import { ageText } from "../../lib/model/age.ts";
import { durationText } from "../../lib/model/duration.ts";
import {
  type ProblemKind,
  problemKinds,
  problemText,
  problemTextOfValue,
} from "../../lib/model/problems.ts";
import { isAiming } from "../aim.ts";
import { plural } from "../model/numbers.ts";
import { type ActorRow, toneOf, type ValueRow } from "../model/row.ts";
import { go, select, selectValue, serverNow, store } from "../session.ts";
import { type Child, h } from "../view/h.ts";
import { Line, Name } from "./name.tsx";
import { Shape } from "./shapes.tsx";

/** Milliseconds for which what is well again keeps its place. */
const clearedFor = 10_000;

type Row = ActorRow | ValueRow;

let shown: readonly Row[] = [];
let shownOf: string | undefined;
let isMore = false;

/** What is wrong, worst first, above everything else; whoever aims at something finds it where it was. */
export function Problems(): Child {
  if (shownOf !== store.epoch || !isAiming("main")) arrange(innerWidth < 700 ? 2 : 4);
  if (shown.length === 0) return null;
  const left = store.problems - shown.filter(({ problem }) => problem).length;
  return (
    <section class="problems" aria-label="Problems" data-calm={store.problems === 0}>
      <ul>
        {shown.map((row) => (
          <Problem key={`${"sums" in row}${row.id}`} row={row} />
        ))}
      </ul>
      {isMore && (
        <button class="more" onClick={() => go({ search: "is:problem", panel: "tree" })}>
          {plural(left, "more problem")}
        </button>
      )}
    </section>
  );
}

/** What comes and goes stays where it is for a while, unless something else needs the place. */
function arrange(most: number): void {
  const since = serverNow() - clearedFor;
  const isHeld = ({ problem, clearedAt }: Row) => problem === undefined && clearedAt > since;
  const held = shownOf === store.epoch ? shown.filter(isHeld) : [];
  const those = [...worstFirst(most), ...held].slice(0, most);
  shown = those.sort((one, other) => rankOf(one) - rankOf(other));
  shownOf = store.epoch;
  isMore = store.problems > most;
}

function Problem({ row }: { row: Row; key: string }): Child {
  const { problem, problemSince, cleared, clearedAt, state } = row;
  const now = serverNow();
  const isActor = "sums" in row;
  const above = isActor ? row.parent?.state.name : row.state.kind;
  const text =
    problem === undefined
      ? `${cleared}, for ${durationText(clearedAt - problemSince)}`
      : isActor
        ? problemText(problem, row.state, now)
        : problemTextOfValue(row.state, now);
  return (
    <li>
      <button
        data-problem={toneOf(problem)}
        onClick={() => (isActor ? select(row) : selectValue(row))}
      >
        <Shape name={problem === undefined ? "ready" : shapes[problem]} />
        <span class="who">
          <Name of={state.name} most={48} />
          <small>{above !== undefined && <Name of={above} most={24} />}</small>
        </span>
        <span class="kind">{problem ?? "cleared"}</span>
        <Line class="words" of={text} />
        <span class="num since">{ageText(now - (problem ? problemSince : clearedAt))}</span>
      </button>
    </li>
  );
}

const shapes: Readonly<Record<ProblemKind, string>> = {
  failed: "failed",
  abandoned: "abandoned",
  "not started": "starting",
  "backing off": "waiting",
  "restart budget": "waiting",
  stalled: "late",
  mailbox: "undelivered",
  undelivered: "undelivered",
  stale: "late",
};

/** The first few by rank, without sorting the thousands that there may be. */
function worstFirst(most: number): Row[] {
  const ranks: Row[][] = [];
  for (const row of store.troubled) {
    const those = (ranks[rankOf(row)] ??= []);
    if (those.length < most) those.push(row);
  }
  return ranks.flat().slice(0, most);
}

/** A value that failed comes after the actors that are down, and what is old only by another one after that: causes first. */
function rankOf({ problem, cleared, state }: Row): number {
  const isDown = "status" in state && state.status === "failed";
  const kind = problem === "failed" && !isDown ? "backing off" : (problem ?? cleared!);
  const isSymptom = kind !== problem || state.cause !== undefined;
  return 2 * problemKinds.indexOf(kind) + Number(isSymptom);
}
