import { ageText } from "../../lib/model/age.ts";
import { isCritical, type ProblemKind, problemKinds } from "../../lib/model/problems.ts";
import { formatCount, formatRate, plural } from "../model/numbers.ts";
import { shownText } from "../model/visible-text.ts";
import { isUp, statusText, toneOf } from "../model/row.ts";
import { go, page, select, serverNow, store } from "../session.ts";
import { type Child, h } from "../view/h.ts";
import { Shape } from "./shapes.tsx";
import { Spark } from "./spark.tsx";

/** The five numbers that say whether all is well. */
export function Cards(): Child {
  const { root, problems } = store;
  const { text, tone } = troubles();
  if (root === undefined) return null;
  const { state, sums } = root;
  const up = isUp(state)
    ? `up ${ageText(serverNow() - state.startedAt!)}`
    : (state.lastError ?? "");
  const restarts = store.restartsInLastMinute();
  const { search } = page.address;
  return (
    <section class="cards" aria-label="Summary">
      <Card
        label="Root"
        more={shownText(up)}
        tone={toneOf(root.problem)}
        onClick={() => select(root)}
      >
        <Shape name={state.status} /> {statusText(state)}
      </Card>
      <Card label="Actors" more={`in ${plural(store.rows.size - sums.actors, "supervisor")}`}>
        {formatCount(sums.actors)}
      </Card>
      <Card
        label="Problems"
        more={text}
        tone={tone}
        onClick={() => go({ search: search === "is:problem" ? "" : "is:problem", panel: "tree" })}
      >
        {problems > 0 && <Shape name="failed" />} {formatCount(problems)}
      </Card>
      <Card
        label="Restarts"
        more="in the last minute"
        tone={restarts > 0 ? "warning" : undefined}
        points={store.minute(store.restarts, 0)}
      >
        {formatCount(restarts)}
      </Card>
      <Card
        label="Messages"
        more={sums.queued === 0 ? "none queued" : `${formatCount(sums.queued)} queued`}
        points={store.minute(store.messages, 0)}
      >
        {formatRate(sums.rate)} <i>/s</i>
      </Card>
    </section>
  );
}

/** The two worst kinds of problem, and how loud the worst is. */
function troubles(): { text: string; tone: Tone } {
  const counts = new Map<ProblemKind, number>();
  for (const { problem } of store.troubled) {
    counts.set(problem!, (counts.get(problem!) ?? 0) + 1);
  }
  const [worst, next] = problemKinds.filter((kind) => counts.has(kind));
  return {
    text:
      [worst, next]
        .map((kind) => kind && `${formatCount(counts.get(kind)!)} ${kind}`)
        .filter(Boolean)
        .join(" · ") || "all is well",
    tone: worst && (isCritical(worst) ? "loud" : "warning"),
  };
}

type Tone = ReturnType<typeof toneOf> | "loud" | undefined;

interface CardProps {
  label: string;
  more: string;
  tone?: Tone;
  points?: number[];
  onClick?: () => void;
  children?: Child;
}

function Card({ label, more, tone, points, onClick, children }: CardProps): Child {
  return h(
    onClick === undefined ? "div" : "button",
    { class: "card", "data-tone": tone, ...(onClick && { onClick }) },
    <span class="label">{label}</span>,
    <b>{children}</b>,
    <small>{more}</small>,
    points && <Spark of={points} width={120} height={32} />,
  );
}
