import { ageText } from "../../lib/model/age.ts";
import { problemOfValue, problemTextOfValue } from "../../lib/model/problems.ts";
import { bareText } from "../../lib/model/value-display.ts";
import type { ValueDetail } from "../../lib/model/wire.ts";
import { type ValueRow, toneOf } from "../model/row.ts";
import { select, selectValue, serverNow, store, valueNamed } from "../session.ts";
import { type Child, h } from "../view/h.ts";
import { detailOf } from "./detail-source.ts";
import { Lines, Name, Words } from "./name.tsx";
import { Spark } from "./spark.tsx";

/** Everything about one observed value. */
export function ValueDetailPanel({ row }: { row: ValueRow }): Child {
  const detail = detailOf(`api/v1/values/${row.id}`, row.told) as ValueDetail | undefined;
  const { state, problem } = row;
  const actor = state.actor === undefined ? undefined : store.rows.get(state.actor);
  return (
    <div class="sheet" data-problem={toneOf(problem)}>
      <header>
        <p class="path">{state.kind}</p>
        <h2>
          <Name of={state.name} most={200} />
        </h2>
        {actor && (
          <p class="standing">
            <button class="quiet" onClick={() => select(actor)}>
              Show its actor
            </button>
          </p>
        )}
      </header>
      <div class="body" tabindex={0}>
        <ValueFacts value={{ ...detail, ...state }} />
      </div>
    </div>
  );
}

/** A value, how it came and how old it is. */
export function ValueFacts({ value }: { value: ValueDetail }): Child {
  const { id, type, full, updatedAt, from = [] } = value;
  const row = store.values.get(id);
  const problem = problemOfValue(value);
  const now = serverNow();
  return (
    <section class="fact" aria-label="Value">
      {problem && (
        <p class="why" data-problem={toneOf(problem)}>
          <span class="tone">{problem}</span> <Words of={problemTextOfValue(value, now)} />
        </p>
      )}
      <p class="value" data-type={type}>
        <Words of={bareText(value)} most={200} /> <span class="badge">{type}</span>
      </p>
      {row && (type === "number" || type === "boolean") && (
        <Spark of={store.minute(row.minute, NaN)} width={360} height={64} />
      )}
      <p class="age">
        {updatedAt === undefined ? "Never updated" : `Updated ${ageText(now - updatedAt)} ago`}
      </p>
      {from.length > 0 && (
        <p class="sources">
          From{" "}
          {from.map((name) => (
            <Source name={name} />
          ))}
        </p>
      )}
      {type === "json" && full !== undefined && <Lines of={indented(full)} />}
    </section>
  );
}

function Source({ name }: { name: string }): Child {
  const row = valueNamed(name);
  if (row === undefined) return <Name of={name} most={40} />;
  return (
    <button class="quiet" onClick={() => selectValue(row)}>
      <Name of={name} most={40} />
    </button>
  );
}

/** What was cut is no JSON any more, and stays as it is. */
function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}
