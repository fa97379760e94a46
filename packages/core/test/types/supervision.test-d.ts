import {
  type Actor,
  type Backoff,
  type Child,
  childOf,
  type MailboxStatus,
  type ResolvedChildOptions,
  type RestartBudget,
  type RestartLimit,
  type RestartPolicy,
  type Snapshot,
  type Strategy,
  Supervisor,
} from "@sup/core";
import { expectTypeOf } from "vitest";

const root = new Supervisor("root");
const actor: Actor = root;

expectTypeOf(root.observe({ onActorStarted: () => {} })).toEqualTypeOf<() => void>();
// @ts-expect-error An observer is an object.
root.observe(() => {});

expectTypeOf(childOf(actor)).toEqualTypeOf<Child | undefined>();

declare const child: Child;
expectTypeOf(child.supervisor).toEqualTypeOf<Supervisor>();
expectTypeOf(child.options).toEqualTypeOf<ResolvedChildOptions>();
expectTypeOf(child.options.restartDelay).toEqualTypeOf<Backoff>();
expectTypeOf(child.options.restartDelay.max).toEqualTypeOf<number>();
expectTypeOf(child.options.restartLimit).toEqualTypeOf<RestartLimit | undefined>();
expectTypeOf(child.restartsAt).toEqualTypeOf<number | undefined>();
expectTypeOf(child.restartBudget).toEqualTypeOf<RestartBudget | undefined>();
expectTypeOf(root.restartBudget).toEqualTypeOf<RestartBudget | undefined>();
// @ts-expect-error The supervisor of a child is given.
child.supervisor = root;
// @ts-expect-error Options are only read.
child.options.policy = "permanent";

expectTypeOf(root.strategy).toEqualTypeOf<Strategy>();
expectTypeOf(root.startup).toEqualTypeOf<"concurrent" | "ordered">();
// @ts-expect-error A strategy is for life.
root.strategy = "one-for-all";

expectTypeOf<MailboxStatus["handled"]>().toEqualTypeOf<number>();
expectTypeOf<MailboxStatus["oldestAt"]>().toEqualTypeOf<number | undefined>();

declare const snapshot: Snapshot;
expectTypeOf(snapshot.policy).toEqualTypeOf<RestartPolicy | undefined>();
expectTypeOf(snapshot.strategy).toEqualTypeOf<Strategy | undefined>();
expectTypeOf(snapshot.mailbox?.handled).toEqualTypeOf<number | undefined>();

// What an actor does when it has stopped for good is its own affair, and may be left out.
const listening: Actor = {
  name: "listening",
  run: () => {},
  onStopped: (error) => expectTypeOf(error).toEqualTypeOf<Error | undefined>(),
};
void listening;
