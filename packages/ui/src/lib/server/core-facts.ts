// Until core tells these by itself; this file goes then.
import * as core from "@sup/core";

type Loose = Record<PropertyKey, unknown>;

const children = new WeakMap<object, core.Child>();

export const childOf: (actor: core.Actor) => core.Child | undefined =
  (core as unknown as { childOf?: (actor: core.Actor) => core.Child | undefined }).childOf ??
  ((actor) => children.get(actor));

if (!("childOf" in core)) {
  const supervisor = core.Supervisor.prototype as unknown as Loose;
  const observers = new WeakMap<object, core.SupervisorObserver>();
  const seen = new WeakMap<object, boolean>();
  const enlist = (child: core.Child): void => {
    children.set(child.actor, child);
    const prototype = Object.getPrototypeOf(child) as object;
    if (seen.has(prototype)) return;
    seen.set(prototype, true);
    Object.defineProperty(prototype, "options", {
      get(this: { rules: { backoff: unknown; limit: unknown } }) {
        return { ...this.rules, restartDelay: this.rules.backoff, restartLimit: this.rules.limit };
      },
    });
  };
  const getChildren = Object.getOwnPropertyDescriptor(supervisor, "children")!.get!;
  Object.defineProperty(supervisor, "children", {
    get(this: core.Supervisor) {
      const list = getChildren.call(this) as core.Child[];
      for (const child of list) enlist(child);
      return list;
    },
  });
  supervisor["strategy"] = "one-for-one";
  supervisor["observe"] = function observe(
    this: core.Supervisor,
    observer: core.SupervisorObserver,
  ) {
    observers.set(this, observer);
    return () => observers.delete(this);
  };
  const emit = supervisor["emit"] as (...values: unknown[]) => void;
  supervisor["emit"] = function tell(this: core.Supervisor, event: string, ...values: unknown[]) {
    emit.call(this, event, ...values);
    void this.children;
    for (
      let at: core.Supervisor | undefined = this;
      at !== undefined;
      at = children.get(at)?.supervisor
    ) {
      const observer = observers.get(at) as
        | Record<string, (...values: unknown[]) => void>
        | undefined;
      observer?.[event]?.(...values);
    }
  };
}
