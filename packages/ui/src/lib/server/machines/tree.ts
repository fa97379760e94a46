import type { Inspectable, Status } from "@sup/bus";
import { type Actor, type Child, childOf, type Snapshot, Supervisor } from "@sup/core";
import { toInspectable } from "../rows/inspectable.ts";
import { staleSource } from "../rows/stale-source.ts";
import { errorDetails, errorLine, errorMessage } from "../text/error-text.ts";
import { givenNameOf, kindOf } from "../text/name.ts";
import type { Redact } from "../text/redaction.ts";
import { safely } from "../text/safely.ts";
import { valueText } from "../text/value-text.ts";

/** A node of the tree, as core's snapshot; one that is a value of the bus says which. */
export interface TreeNode extends Omit<Snapshot, "children"> {
  readonly value?: TreeValue;
  readonly children?: readonly TreeNode[];
}

/** A value, and how far it can be trusted. */
export interface TreeValue {
  /** The last good value, redacted and cut; left out where there was none. */
  readonly value?: unknown;
  /** Milliseconds since the last update that succeeded; left out where none has. */
  readonly age?: number;
  /** Why the last update failed; left out when it succeeded. */
  readonly error?: string;
  readonly stale: boolean;
  /** Whom it has its staleness from: the name of another value; left out where it is stale by itself. */
  readonly staleFrom?: string;
  /**
   * Of a stale one: when the value at fault, which may be itself, was updated last, in epoch milliseconds; what came of it
   * since then is not to be trusted. Left out where it never was.
   */
  readonly staleSince?: number;
}

/** Characters of one value. */
const longestValue = 2_048;

/**
 * A tree with the values of the bus in it, at `now` in epoch milliseconds. Unlike a snapshot of core it bears actors that throw
 * when they are looked at.
 */
export function treeOf(root: Supervisor, now: number, redact: Redact | undefined): TreeNode {
  const nodeOf = (actor: Actor, child: Child | undefined): TreeNode => ({
    ...(child === undefined ? rootFacts(actor as Supervisor) : childFacts(child)),
    ...mailboxFacts(actor),
    ...safely(() => valueFacts(actor, now, redact), undefined),
    ...(actor instanceof Supervisor && {
      ...supervisorFacts(actor),
      children: actor.children.map((below) => nodeOf(below.actor, below)),
    }),
  });
  return nodeOf(root, childOf(root));
}

function rootFacts(root: Supervisor): TreeNode {
  const { status, startedAt, failure } = root;
  return {
    id: 0,
    name: givenNameOf(root),
    kind: root.kind,
    status,
    restarts: 0,
    ...(startedAt !== undefined && { startedAt }),
    ...errorFacts(failure),
  };
}

function childFacts(child: Child): TreeNode {
  const { id, actor, status, options, restarts } = child;
  const { startedAt, restartsAt, restartBudget, lastError } = child;
  return {
    id,
    name: givenNameOf(actor),
    kind: kindOf(actor),
    status,
    policy: options.policy,
    restarts,
    ...(startedAt !== undefined && { startedAt }),
    ...(restartsAt !== undefined && { restartsAt }),
    ...(restartBudget && { restartBudget }),
    ...errorFacts(lastError),
  };
}

function supervisorFacts({ strategy, restartBudget }: Supervisor): Partial<TreeNode> {
  return { strategy, ...(restartBudget && { groupBudget: restartBudget }) };
}

function errorFacts(error: Error | undefined): Partial<TreeNode> {
  const [details] = error === undefined ? [] : errorDetails(error);
  if (details === undefined) return {};
  const { stack } = details;
  return { lastError: { message: errorMessage(error), ...(stack !== undefined && { stack }) } };
}

function mailboxFacts(actor: Actor): Partial<TreeNode> {
  return safely(() => {
    const { mailbox } = actor;
    if (mailbox === undefined) return {};
    const { length, capacity, handled, oldestAt } = mailbox;
    return { mailbox: { length, capacity, handled, ...(oldestAt !== undefined && { oldestAt }) } };
  }, {});
}

function valueFacts(
  actor: Actor,
  now: number,
  redact: Redact | undefined,
): Partial<TreeNode> | undefined {
  const value = toInspectable(actor);
  if (value === undefined) return undefined;
  const { value: current, updatedAt, error, stale }: Status<unknown> = value.status();
  return {
    value: {
      ...(current !== undefined && { value: shown(givenNameOf(value), current, redact) }),
      ...(updatedAt !== undefined && { age: Math.max(0, now - updatedAt) }),
      ...(error !== undefined && { error: errorLine(error) }),
      stale,
      ...(stale && staleFacts(value, updatedAt)),
    },
  };
}

function staleFacts(
  value: Inspectable<unknown>,
  updatedAt: number | undefined,
): Pick<TreeValue, "staleFrom" | "staleSince"> {
  const source = staleSource(value);
  const since = source === undefined ? updatedAt : source.updatedAt;
  return {
    ...(source !== undefined && { staleFrom: givenNameOf(source.value) }),
    ...(since !== undefined && { staleSince: since }),
  };
}

/** As data where all of it fits, else as the begin of its text. */
function shown(name: string, value: unknown, redact: Redact | undefined): unknown {
  const text = valueText(name, value, { length: longestValue, redact });
  return safely(() => JSON.parse(text) as unknown, text);
}
