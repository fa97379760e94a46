import type { EventType, LifecycleEvent } from "../../lib/model/wire.ts";
import { shownText } from "../model/visible-text.ts";
import { Line } from "../parts/name.tsx";
import { Shape } from "../parts/shapes.tsx";
import { serverNow } from "../session.ts";
import { h, type Markup } from "../view/h.ts";

/** The shape of what an event tells of. */
export const eventShapes: Readonly<Record<EventType, string>> = {
  registered: "starting",
  started: "running",
  ready: "ready",
  stopped: "stopped",
  restarting: "waiting",
  abandoned: "abandoned",
  undelivered: "undelivered",
  terminal: "failed",
  stalled: "late",
  flowing: "ready",
  "value-failed": "failed",
  "value-stale": "late",
  "value-recovered": "ready",
};

/** How loud an event is drawn; `undefined` for one that is as it should be. */
export function weightOf({ type, error }: LifecycleEvent): "critical" | "warning" | undefined {
  if (type === "terminal" || type === "abandoned") return "critical";
  if (/restarting|undelivered|failed|stal/.test(type)) return "warning";
  return type === "stopped" && error !== undefined ? "critical" : undefined;
}

/** One row of the events, of which there are `count`. */
export function eventRowMarkup(event: LifecycleEvent, index: number, count: number): Markup {
  const { at, type, path } = event;
  const name = shownText(path.at(-1) ?? "");
  const why = shownText(event.why, 300);
  return (
    <div
      class="row event"
      role="option"
      aria-label={`${timeText(at)}, ${name} ${type}, ${why}`}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-problem={weightOf(event)}
    >
      <Shape name={eventShapes[type]} />
      <bdi class="name">{name}</bdi>
      <span class="type">{type}</span>
      <span class="at num">{timeText(at)}</span>
      <Line class="why" of={why} />
    </div>
  ) as Markup;
}

/** `14:03:22`, by the clock of whoever looks; with its day, where that is more than one ago. */
export function timeText(at: number): string {
  const date = new Date(at);
  const day = serverNow() - at < 86_400_000 ? "" : `${date.toLocaleDateString()} `;
  return day + date.toTimeString().slice(0, 8);
}
