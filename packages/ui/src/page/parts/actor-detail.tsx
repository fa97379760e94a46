import { ageText } from "../../lib/model/age.ts";
import { budgetText } from "../../lib/model/budget-text.ts";
import { problemText } from "../../lib/model/problems.ts";
import type {
  ActorDetail,
  BudgetState,
  ErrorDetail,
  LifecycleEvent,
} from "../../lib/model/wire.ts";
import { Pips } from "../list/actor-row.tsx";
import { eventShapes, timeText, weightOf } from "../list/event-row.tsx";
import { formatCount, formatRate, plural } from "../model/numbers.ts";
import { type ActorRow, isSupervisor, isUp, statusText, toneOf } from "../model/row.ts";
import { select, serverNow, store } from "../session.ts";
import { type Child, h } from "../view/h.ts";
import { detailOf } from "./detail-source.ts";
import { Lines, Name, Words } from "./name.tsx";
import { Shape } from "./shapes.tsx";
import { Spark } from "./spark.tsx";
import { showInTree } from "./tree-panel.tsx";
import { ValueFacts } from "./value-detail.tsx";

/** Everything about one actor. */
export function ActorDetailPanel({ row }: { row: ActorRow }): Child {
  const detail = detailOf(`api/v1/actors/${row.id}`, row.told) as ActorDetail | undefined;
  const { state, problem } = row;
  const { status, name, kind, policy, strategy } = state;
  return (
    <div class="sheet" data-problem={toneOf(problem)} data-status={status}>
      <header>
        <Path row={row} />
        <h2>
          <Shape name={status} />
          <Name of={name} most={200} />
        </h2>
        <p class="standing">
          <span class="badge tone">{statusText(state)}</span>
          {[kind, policy, strategy].map((word) => word && <span class="badge">{word}</span>)}
          <button class="quiet" onClick={showInTree}>
            Show in tree
          </button>
        </p>
      </header>
      <div class="body" tabindex={0}>
        <Why row={row} why={detail?.why} />
        <Numbers row={row} />
        {detail && [
          detail.value && <ValueFacts value={detail.value} />,
          <Errors errors={detail.errors} at={detail.errorAt} />,
          <Happened events={detail.events} />,
          <Options options={detail.options} />,
        ]}
      </div>
    </div>
  );
}

function Path({ row }: { row: ActorRow }): Child {
  const above: ActorRow[] = [];
  for (let at = row.parent; at !== undefined; at = at.parent) above.unshift(at);
  if (above.length === 0) return <p class="path">the root</p>;
  return (
    <nav class="path" aria-label="Supervisors above">
      {above.map((supervisor) => (
        <button onClick={() => select(supervisor)}>
          <Name of={supervisor.state.name} most={32} />
        </button>
      ))}
    </nav>
  );
}

function Why({ row, why }: { row: ActorRow; why: string | undefined }): Child {
  const { problem, state } = row;
  if (problem === undefined && why === undefined) return null;
  const { lastError: _, because: __, ...bare } = state;
  return (
    <section class="why" aria-label="Why">
      {problem && (
        <p class="tone">
          {/* The line below says which error it was. */}
          <Words of={problemText(problem, why === undefined ? state : bare, serverNow())} />
        </p>
      )}
      {why !== undefined && (
        <p>
          <Words of={why} />
        </p>
      )}
    </section>
  );
}

function Numbers({ row }: { row: ActorRow }): Child {
  const { state, sums, minute, problem } = row;
  const { queued, capacity, oldestAt, handled, budget, startedAt } = state;
  const now = serverNow();
  const isAlive = isUp(state);
  const below = isSupervisor(row);
  const waits = queued && oldestAt !== undefined && `oldest waits ${ageText(now - oldestAt)}`;
  return (
    <dl class="numbers">
      {below && (
        <Figure label="Below it" more={plural(sums.problems - (problem ? 1 : 0), "problem")}>
          {plural(sums.actors, "actor")}
        </Figure>
      )}
      {queued !== undefined && (
        <Figure label="Mailbox" more={waits || "none waits"}>
          {formatCount(queued)} {capacity !== undefined && <i>/ {formatCount(capacity)}</i>}
        </Figure>
      )}
      {(handled !== undefined || below) && (
        <Figure
          label="Messages"
          more={handled === undefined ? "below it" : `${formatCount(handled)} in total`}
        >
          {formatRate(below ? sums.rate : row.rate)} <i>/s</i>
          {minute !== undefined && <Spark of={store.minute(minute, 0)} width={70} height={20} />}
        </Figure>
      )}
      <Figure label="Restarts" more={below && `${formatCount(sums.restarts)} with those below`}>
        {formatCount(state.restarts)}
      </Figure>
      {startedAt !== undefined && (
        <Figure label={isAlive ? "Up" : "Started"} more={`since ${timeText(startedAt)}`}>
          {ageText(now - startedAt)} {!isAlive && <i>ago</i>}
        </Figure>
      )}
      {budget && <Budget budget={budget} now={now} />}
    </dl>
  );
}

function Figure({
  label,
  more,
  children,
}: {
  label: string;
  more: Child;
  children?: Child;
}): Child {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <b>{children}</b>
        <small>{more}</small>
      </dd>
    </div>
  );
}

/** The number that decides whether a supervisor is about to give up. */
function Budget({ budget, now }: { budget: BudgetState; now: number }): Child {
  const { used, max } = budget;
  return (
    <div class="budget">
      <dt>Restart budget</dt>
      <dd>
        <Pips budget={budget} now={now} />
        <small>
          {budgetText(budget, now)}
          {used >= max && "; with one more its supervisor gives up"}
        </small>
      </dd>
    </div>
  );
}

function Errors({ errors, at }: { errors: readonly ErrorDetail[]; at: number | undefined }): Child {
  if (errors.length === 0) return null;
  const now = serverNow();
  return (
    <section class="errors" aria-label="Last error">
      <h3>
        Last error{" "}
        {at !== undefined && (
          <small class="num">
            {timeText(at)}, {ageText(now - at)} ago
          </small>
        )}
      </h3>
      {errors.map(({ name, message, stack }, index) => (
        <div>
          {index > 0 && <small>caused by</small>}
          <p>
            <b>
              <Name of={name} />
            </b>{" "}
            <Words of={message} />
          </p>
          {stack !== undefined && (
            <details open={index === errors.length - 1}>
              <summary>Stack</summary>
              <Lines of={stack} />
            </details>
          )}
        </div>
      ))}
    </section>
  );
}

function Happened({ events }: { events: readonly LifecycleEvent[] }): Child {
  if (events.length === 0) return null;
  const now = serverNow();
  return (
    <section class="happened" aria-label="Its events">
      <h3>
        Events <small>the last {events.length}</small>
      </h3>
      <ol>
        {events.toReversed().map((event) => (
          <li key={event.seq} data-problem={weightOf(event)}>
            <Shape name={eventShapes[event.type]} />
            <Words of={event.why} most={300} />
            <time class="num" title={timeText(event.at)}>
              {ageText(now - event.at)} ago
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Options({ options }: Pick<ActorDetail, "options">): Child {
  if (options.length === 0) return null;
  return (
    <section class="options" aria-label="Options">
      <h3>Options</h3>
      <dl>
        {options.map(([label, value]) => (
          <div>
            <dt>{label}</dt>
            <dd>
              <Words of={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
