import { isCritical, type ProblemKind } from "../../lib/model/problems.ts";
import type { ActorState, ValueState } from "../../lib/model/wire.ts";

/** What a supervisor and all below it come to. */
export interface Sums {
  /** Those that are no supervisors. */
  actors: number;
  problems: number;
  queued: number;
  restarts: number;
  /** Messages per second. */
  rate: number;
}

/** What may be wrong with a row, and was. */
interface Trouble {
  problem: ProblemKind | undefined;
  /** When the present or last problem began, as far as this page knows. */
  problemSince: number;
  /** What the last problem was, and when it was over. */
  cleared: ProblemKind | undefined;
  clearedAt: number;
}

/** One actor, as the page knows it. */
export interface ActorRow extends Trouble {
  readonly id: number;
  state: ActorState;
  readonly parent: ActorRow | undefined;
  readonly children: ActorRow[];
  readonly depth: number;
  /** Its place among its siblings, from 0; known for those that the tree shows. */
  place: number;
  /** Whether the tree shows its children. */
  open: boolean;
  gone: boolean;
  /** Messages in the second before the last. */
  rate: number;
  /** Messages that it had handled then. */
  counted: number;
  /** Where its minute is kept, once it has one. */
  minute: number | undefined;
  /** How often something was told of it: its detail is old when this has grown. */
  told: number;
  /** Itself and all below. */
  readonly sums: Sums;
}

/** One observed value, as the page knows it. */
export interface ValueRow extends Trouble {
  readonly id: number;
  state: ValueState;
  readonly minute: number;
  told: number;
}

/** A parent of nobody yet, and nothing summed up. */
export function actorRow(state: ActorState, parent: ActorRow | undefined): ActorRow {
  return {
    id: state.id,
    state,
    parent,
    children: [],
    depth: parent === undefined ? 0 : parent.depth + 1,
    place: 0,
    open: false,
    gone: false,
    ...untroubled,
    rate: 0,
    counted: state.handled ?? 0,
    minute: undefined,
    told: 0,
    sums: { actors: 0, problems: 0, queued: 0, restarts: 0, rate: 0 },
  };
}

export function valueRow(state: ValueState, minute: number): ValueRow {
  return { id: state.id, state, ...untroubled, minute, told: 0 };
}

const untroubled: Trouble = {
  problem: undefined,
  problemSince: 0,
  cleared: undefined,
  clearedAt: 0,
};

/** Whether it has, or could have, children. */
export function isSupervisor(row: ActorRow): boolean {
  return row.state.kind === "supervisor" || row.children.length > 0;
}

/** Names from the root down. */
export function pathOf(row: ActorRow): string[] {
  const path: string[] = [];
  for (let at: ActorRow | undefined = row; at !== undefined; at = at.parent) {
    path.unshift(at.state.name);
  }
  return path;
}

/** The status in the words of an operator. */
export function statusText({ status }: ActorState): string {
  return status === "waiting" ? "backing off" : status;
}

/** Whether it runs, so that its age is one. */
export function isUp({ status }: ActorState): boolean {
  return status === "ready" || status === "running";
}

/** How loud a problem is drawn; `""` where there is none. */
export function toneOf(problem: ProblemKind | undefined): "critical" | "warning" | "" {
  if (problem === undefined) return "";
  return isCritical(problem) ? "critical" : "warning";
}
