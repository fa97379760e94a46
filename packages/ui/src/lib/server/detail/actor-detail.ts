import { type Actor, type Child, Supervisor } from "@sup/core";
import { durationText } from "../../model/duration.ts";
import type { ActorDetail, LifecycleEvent, ValueDetail } from "../../model/wire.ts";
import type { Feed } from "../feed/feed.ts";
import { pathOf } from "../journal/entry.ts";
import { lastTrouble } from "../journal/last-trouble.ts";
import { toInspectable } from "../rows/inspectable.ts";
import { errorDetails } from "../text/error-text.ts";
import type { Redact } from "../text/redaction.ts";
import { safely } from "../text/safely.ts";
import { detailOf } from "./value-detail.ts";

/** What only the one who looks at an actor needs; `undefined` when it is gone. */
export function actorDetailOf(
  feed: Feed,
  id: number,
  redact: Redact | undefined,
): ActorDetail | undefined {
  feed.refresh();
  const row = feed.rows.get(id);
  if (row === undefined) return undefined;
  const { actor, child, state } = row;
  const error = child === undefined ? (actor as Supervisor).failure : child.lastError;
  const events = feed.journal.of(actor);
  const errorAt = events.findLast((event) => event.actor === id && isCrash(event))?.at;
  const why = lastTrouble(events);
  const value = safely(() => valueOf(feed, actor, redact), undefined);
  return {
    actor: state,
    path: pathOf(actor, feed.root),
    options: [
      ...(child ? childOptions(child) : []),
      ...(actor instanceof Supervisor ? supervisorOptions(actor) : []),
    ],
    errors: error === undefined ? [] : errorDetails(error),
    events,
    ...(errorAt !== undefined && { errorAt }),
    ...(why !== undefined && { why }),
    ...(value !== undefined && { value }),
  };
}

function isCrash({ type, error }: LifecycleEvent): boolean {
  return error !== undefined && /^(stopped|restarting|terminal)$/.test(type);
}

function valueOf(feed: Feed, actor: Actor, redact: Redact | undefined): ValueDetail | undefined {
  const value = toInspectable(actor);
  if (value === undefined) return undefined;
  const id = feed.values.findIndex((row) => row.value === value);
  return detailOf(feed, id, value, redact);
}

type Option = readonly [label: string, value: string];

function childOptions({ options }: Child): Option[] {
  const { policy, restartDelay, restartLimit, shutdownTimeout, significant } = options;
  return [
    ["policy", policy],
    ["restart delay", delayText(restartDelay)],
    ["restart limit", limitText(restartLimit)],
    ["shutdown timeout", timeText(shutdownTimeout)],
    ...(significant ? [["significant", "yes"] as const] : []),
  ];
}

function supervisorOptions({ strategy, startup, autoShutdown }: Supervisor): Option[] {
  return [
    ["strategy", strategy],
    ["startup", startup],
    ["auto shutdown", autoShutdown],
  ];
}

function delayText({
  initial,
  max,
  factor,
  jitter,
  resetAfter,
}: Child["options"]["restartDelay"]): string {
  const spread = jitter === 0 ? "" : `, ± ${Math.round(jitter * 100)} %`;
  if (factor === 1 || max <= initial) return `${durationText(initial)}${spread}`;
  const growth = `${durationText(initial)}, times ${factor} up to ${durationText(max)}`;
  return `${growth}${spread}, anew after ${durationText(resetAfter)} without a crash`;
}

function limitText(limit: Child["options"]["restartLimit"]): string {
  return limit === undefined ? "none" : `${limit.maxRestarts} in ${durationText(limit.window)}`;
}

function timeText(duration: number): string {
  return duration === Infinity ? "none" : durationText(duration);
}
