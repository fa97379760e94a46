import { ageText } from "../../lib/model/age.ts";
import {
  type ProblemKind,
  problemKinds,
  problemText,
  problemTextOfValue,
} from "../../lib/model/problems.ts";
import { plural } from "../model/numbers.ts";
import { type ActorRow, toneOf, type ValueRow } from "../model/row.ts";
import { go, select, selectValue, serverNow, store } from "../session.ts";
import { type Child, h } from "../view/h.ts";
import { Line, Name } from "./name.tsx";
import { Shape } from "./shapes.tsx";

/** What is wrong, worst first, above everything else. */
export function Problems(): Child {
  if (store.problems === 0) return null;
  const shown = worstFirst(innerWidth < 700 ? 2 : 4);
  const left = store.problems - shown.length;
  return (
    <section class="problems" aria-label="Problems">
      <ul>
        {shown.map((row) => (
          <Problem key={`${"sums" in row}${row.id}`} row={row} />
        ))}
      </ul>
      {left > 0 && (
        <button class="more" onClick={() => go({ search: "is:problem", panel: "tree" })}>
          {plural(left, "more problem")}
        </button>
      )}
    </section>
  );
}

function Problem({ row }: { row: ActorRow | ValueRow; key: string }): Child {
  const { problem, problemSince, state } = row;
  const now = serverNow();
  const [above, text, open] =
    "sums" in row
      ? [row.parent?.state.name, problemText(problem!, row.state, now), () => select(row)]
      : [row.state.kind, problemTextOfValue(row.state, now), () => selectValue(row)];
  return (
    <li>
      <button data-problem={toneOf(problem)} onClick={open}>
        <Shape name={shapes[problem!]} />
        <span class="who">
          <Name of={state.name} most={48} />
          <small>{above !== undefined && <Name of={above} most={24} />}</small>
        </span>
        <span class="kind">{problem}</span>
        <Line class="words" of={text} />
        <span class="num since">{ageText(now - problemSince)}</span>
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
function worstFirst(most: number): (ActorRow | ValueRow)[] {
  const ranks: (ActorRow | ValueRow)[][] = [];
  for (const row of [...store.troubled, ...store.troubledValues]) {
    const those = (ranks[rankOf(row)] ??= []);
    if (those.length < most) those.push(row);
  }
  return ranks.flat().slice(0, most);
}

/** A value that failed comes after the actors that are down, and what is old only by another one after that: causes first. */
function rankOf({ problem, state }: ActorRow | ValueRow): number {
  const isDown = "status" in state && state.status === "failed";
  const kind = problem === "failed" && !isDown ? "backing off" : problem!;
  const isSymptom = kind !== problem || state.cause !== undefined;
  return 2 * problemKinds.indexOf(kind) + Number(isSymptom);
}
