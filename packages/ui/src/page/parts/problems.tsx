import { ageText } from "../../lib/model/age.ts";
import { problemKinds, problemText, problemTextOfValue } from "../../lib/model/problems.ts";
import { plural } from "../model/numbers.ts";
import { type ActorRow, toneOf, type ValueRow } from "../model/row.ts";
import { go, select, selectValue, serverNow, store } from "../session.ts";
import { type Child, h } from "../view/h.ts";
import { Name, Words } from "./name.tsx";
import { Shape } from "./shapes.tsx";

/** What is wrong, worst first, above everything else. */
export function Problems(): Child {
  if (store.problems === 0) return null;
  const shown = worstFirst(innerWidth < 700 ? 2 : 4);
  const left = store.problems - shown.length;
  return (
    <section class="problems" aria-label="Problems">
      <ul>
        {shown.map((row) =>
          "sums" in row ? (
            <Problem
              key={`a${row.id}`}
              row={row}
              shape={shapeOf(row)}
              above={row.parent?.state.name}
              text={problemText(row.problem!, row.state, serverNow())}
              onClick={() => select(row)}
            />
          ) : (
            <Problem
              key={`v${row.id}`}
              row={row}
              shape={row.problem === "failed" ? "failed" : "late"}
              above={row.state.kind}
              text={problemTextOfValue(row.state)}
              onClick={() => selectValue(row)}
            />
          ),
        )}
      </ul>
      {left > 0 && (
        <button class="more" onClick={() => go({ search: "is:problem", panel: "tree" })}>
          {plural(left, "more problem")}
        </button>
      )}
    </section>
  );
}

interface ProblemProps {
  row: ActorRow | ValueRow;
  shape: string;
  above: string | undefined;
  text: string;
  onClick: () => void;
  key: string;
}

function Problem({ row, shape, above, text, onClick }: ProblemProps): Child {
  const { problem, state, problemSince } = row;
  return (
    <li>
      <button data-problem={toneOf(problem)} onClick={onClick}>
        <Shape name={shape} />
        <span class="who">
          <Name of={state.name} most={48} />
          <small>{above !== undefined && <Name of={above} most={24} />}</small>
        </span>
        <span class="kind">{problem}</span>
        <Words of={text} most={240} />
        <span class="num since">{ageText(serverNow() - problemSince)}</span>
      </button>
    </li>
  );
}

function shapeOf({ problem, state }: ActorRow): string {
  if (problem === "stalled") return "late";
  if (problem === "mailbox" || problem === "undelivered") return "undelivered";
  return problem === "restart budget" ? "waiting" : state.status;
}

/** The first few by rank, without sorting the thousands that there may be. */
function worstFirst(most: number): (ActorRow | ValueRow)[] {
  const ranks: (ActorRow | ValueRow)[][] = [];
  for (const row of [...store.troubled, ...store.troubledValues]) {
    const those = (ranks[rankOf(row)] ??= []);
    if (those.length < most) those.push(row);
  }
  return ranks.flat().slice(0, most);
}

/** A value that failed comes after the actors that are down: they are likely to be why. */
function rankOf(row: ActorRow | ValueRow): number {
  const isSymptom = !("sums" in row) && row.problem === "failed";
  return isSymptom
    ? 2 * problemKinds.indexOf("backing off") + 1
    : 2 * problemKinds.indexOf(row.problem!);
}
