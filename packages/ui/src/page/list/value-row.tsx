import { ageText } from "../../lib/model/age.ts";
import { problemTextOfValue } from "../../lib/model/problems.ts";
import { valueDisplay } from "../../lib/model/value-display.ts";
import { toneOf, type ValueRow } from "../model/row.ts";
import { shownText } from "../model/visible-text.ts";
import { Spark } from "../parts/spark.tsx";
import { selectedValue, serverNow, store } from "../session.ts";
import { h, type Markup } from "../view/h.ts";

/** One row of the values. */
export function valueRowMarkup(row: ValueRow, index: number): Markup {
  const { state, problem, minute } = row;
  const { name, type, stale, updatedAt, from = [] } = state;
  const now = serverNow();
  const shown = shownText(name);
  const sources = from.length > 0 ? `← ${from.map((one) => shownText(one, 32)).join(", ")}` : "";
  return (
    <div
      class="row observed"
      role="option"
      aria-label={`${shown}, ${type}${problem === undefined ? "" : `, ${problem}`}`}
      aria-setsize={store.values.size}
      aria-posinset={index + 1}
      aria-selected={row === selectedValue()}
      data-type={type}
      data-problem={toneOf(problem) || undefined}
    >
      <bdi class="name">{shown}</bdi>
      <Spark of={store.minute(minute, Number.NaN)} width={72} height={20} />
      <bdi class="value num">{shownText(valueDisplay(state), 60)}</bdi>
      <span class="about">
        <span class="badge">{type}</span>
        {stale && <span class="stale">stale</span>}
        <span class="num">
          {updatedAt === undefined ? "never" : `${ageText(now - updatedAt)} ago`}
        </span>
        <bdi class="from">{problem ? shownText(problemTextOfValue(state, now), 200) : sources}</bdi>
      </span>
    </div>
  ) as Markup;
}
