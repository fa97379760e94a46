import { ageText } from "../../lib/model/age.ts";
import { budgetText } from "../../lib/model/budget-text.ts";
import { problemText } from "../../lib/model/problems.ts";
import type { BudgetState } from "../../lib/model/wire.ts";
import { formatCount, formatRate, plural } from "../model/numbers.ts";
import { type ActorRow, isSupervisor, isUp, pathOf, statusText, toneOf } from "../model/row.ts";
import { shownText } from "../model/visible-text.ts";
import { Line } from "../parts/name.tsx";
import { Spark } from "../parts/spark.tsx";
import { Shape } from "../parts/shapes.tsx";
import { isFlat, selectedActor, serverNow, store } from "../session.ts";
import { type Child, h, type Markup } from "../view/h.ts";

/** One row of the tree, or of the flat list of `count` rows in which it is at `index`. */
export function actorRowMarkup(row: ActorRow, index: number, count: number): Markup {
  const { state, problem, parent, depth, place, open } = row;
  const { status, startedAt } = state;
  const flat = isFlat();
  const now = serverNow();
  return (
    <div
      class="row actor"
      role="treeitem"
      aria-label={labelOf(row)}
      aria-level={flat ? 1 : depth + 1}
      aria-setsize={flat ? count : (parent?.children.length ?? 1)}
      aria-posinset={(flat ? index : place) + 1}
      aria-expanded={flat || row.children.length === 0 ? undefined : open}
      aria-selected={row === selectedActor()}
      data-status={status}
      data-kind={isSupervisor(row) ? "supervisor" : undefined}
      data-problem={toneOf(problem) || undefined}
      vars={{ "--depth": flat ? 0 : Math.min(depth, 12) }}
    >
      <NameCell row={row} now={now} />
      <span class="c-state">{statusText(state)}</span>
      <MailboxCell row={row} now={now} />
      <RateCell row={row} />
      <RestartsCell row={row} now={now} />
      <span class="c-age num">{isUp(state) && ageText(now - startedAt!)}</span>
    </div>
  ) as Markup;
}

/** What a screen reader says of a row; it changes with the state, not with each number. */
function labelOf({ state, problem }: ActorRow): string {
  const trouble = problem === undefined || problem === state.status ? "" : `, ${problem}`;
  return `${shownText(state.name)}, ${shownText(state.kind, 24)}, ${state.status}${trouble}`;
}

/** Whether a row stands for all below it. */
function isSum(row: ActorRow): boolean {
  return isSupervisor(row) && (!row.open || isFlat());
}

function NameCell({ row, now }: { row: ActorRow; now: number }): Child {
  const { state, problem, sums } = row;
  const { kind, strategy, lastError = state.because, name, status } = state;
  const path = pathOf(row).map((part) => shownText(part, 40));
  const below = sums.problems - (problem === undefined ? 0 : 1);
  const note = problem ? problemText(problem, state, now) : lastError && `last: ${lastError}`;
  return (
    <span class="c-name">
      <svg class="twist" viewBox="0 0 12 12" aria-hidden="true">
        <use href="#s-twist" />
      </svg>
      <Shape name={status} />
      <bdi class="name" title={path.join(" / ")}>
        {shownText(name)}
      </bdi>
      <span class="kind">
        {kind === "supervisor" ? strategy : kind !== "actor" && shownText(kind, 24)}
      </span>
      {isFlat() && <bdi class="path">{path.slice(1, -1).join(" / ")}</bdi>}
      {isSum(row) && <span class="below">{plural(sums.actors, "actor")}</span>}
      {isSum(row) && below > 0 && <span class="troubles">{plural(below, "problem")}</span>}
      {note !== undefined && <Line class="note" of={note} />}
    </span>
  );
}

function MailboxCell({ row, now }: { row: ActorRow; now: number }): Child {
  const { queued, capacity, oldestAt } = row.state;
  if (queued === undefined) {
    const sum = isSum(row) && row.sums.queued > 0 && `Σ ${formatCount(row.sums.queued)}`;
    return <span class="c-box num">{sum}</span>;
  }
  const share = queued === 0 ? 0 : capacity ? Math.max(0.04, Math.min(1, queued / capacity)) : 1;
  const waits = oldestAt === undefined || queued === 0 ? 0 : now - oldestAt;
  return (
    <span class="c-box" data-full={share > 0.8} data-empty={queued === 0}>
      <span class="meter" vars={{ "--fill": share.toFixed(2) }} />
      <span class="num">
        {formatCount(queued)}
        {capacity !== undefined && ` / ${formatCount(capacity)}`}
      </span>
      {waits >= 1_000 && <span class="oldest">{ageText(waits)}</span>}
    </span>
  );
}

function RateCell({ row }: { row: ActorRow }): Child {
  const { minute, rate, sums } = row;
  if (isSupervisor(row)) {
    return <span class="c-rate num">{sums.rate > 0 && `Σ ${formatRate(sums.rate)}`}</span>;
  }
  if (minute === undefined) return <span class="c-rate" />;
  return (
    <span class="c-rate">
      <Spark of={store.minute(minute, 0)} width={56} height={16} />
      <span class="num">{formatRate(rate)}</span>
    </span>
  );
}

function RestartsCell({ row, now }: { row: ActorRow; now: number }): Child {
  const { restarts, budget } = row.state;
  const count = isSum(row) ? row.sums.restarts : restarts;
  return (
    <span class="c-restarts">
      {budget && <Pips budget={budget} now={now} />}
      <span class="num">{count > 0 && `${isSum(row) ? "Σ " : ""}${formatCount(count)}`}</span>
    </span>
  );
}

/** A mark for each restart that its limit allows; many of them are one bar. */
export function Pips({ budget, now }: { budget: BudgetState; now: number }): Child {
  const { used, max } = budget;
  return (
    <span
      class="pips"
      title={budgetText(budget, now)}
      data-bar={max > 10}
      data-near={used * 2 > max}
      vars={{ "--used": used, "--most": Math.max(1, max) }}
    />
  );
}
