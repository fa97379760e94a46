import * as fc from "fast-check";

/** What a handler does with a message, once it is served. */
export type Plan = "wait" | "heed" | "answer" | "throw" | "fail mildly";

/** One thing that happens to a mailbox; `on` picks one of the sends or workers that it can happen to. */
export type Step =
  | {
      readonly do: "cast" | "tryCast" | "call" | "tryCall";
      readonly plan: Plan;
      readonly signal: boolean;
      readonly timeout?: number | undefined;
    }
  | { readonly do: "abort"; readonly on: number }
  | { readonly do: "take" | "leave" | "reply" | "refuse" | "crash"; readonly on: number }
  | {
      readonly do: "fail" | "end" | "finish" | "hang" | "restart" | "stop" | "spawn";
      readonly on: number;
    }
  | { readonly do: "wait"; readonly milliseconds: number }
  | { readonly do: "settle" | "breathe" | "close" | "stop all" | "start all" | "burn" };

/** The world in which the steps happen. */
export interface Setting {
  readonly capacity: number;
  /** How each worker receives. */
  readonly workers: readonly ("serve" | "receive")[];
  /** Whether the mailbox is each worker's own. */
  readonly owned: boolean;
  /** What workers pass to the mailbox: their whole context, its signal, or one that is derived from it. */
  readonly way: "context" | "signal" | "derived";
}

const on = fc.nat(50);

const plan = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("wait" as const, "heed" as const) },
  { weight: 4, arbitrary: fc.constant("answer" as const) },
  { weight: 1, arbitrary: fc.constantFrom("throw" as const, "fail mildly" as const) },
);

const send = fc.record({
  do: fc.constantFrom("cast" as const, "tryCast" as const, "call" as const, "tryCall" as const),
  plan,
  signal: fc.boolean(),
  timeout: fc.option(fc.constantFrom(0, 5, 30), { nil: undefined, freq: 2 }),
});

const work = fc.record({
  do: fc.constantFrom("take" as const, "reply" as const, "refuse" as const, "leave" as const),
  on,
});

const trouble = fc.record({
  do: fc.constantFrom(
    "crash" as const,
    "fail" as const,
    "end" as const,
    "finish" as const,
    "hang" as const,
    "restart" as const,
    "stop" as const,
    "spawn" as const,
  ),
  on,
});

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: send },
  { weight: 35, arbitrary: work },
  { weight: 12, arbitrary: fc.record({ do: fc.constant("abort" as const), on }) },
  { weight: 12, arbitrary: trouble },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      milliseconds: fc.constantFrom(1, 5, 30),
    }),
  },
  { weight: 25, arbitrary: fc.constant({ do: "settle" as const }) },
  { weight: 25, arbitrary: fc.constant({ do: "breathe" as const }) },
  { weight: 3, arbitrary: fc.constant({ do: "burn" as const }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom({ do: "stop all" as const }, { do: "start all" as const }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "close" as const }) },
);

export const setting: fc.Arbitrary<Setting> = fc.record({
  capacity: fc.constantFrom(0, 0, 1, 1, 2, 3, 7),
  workers: fc.array(fc.constantFrom("serve" as const, "receive" as const, "receive" as const), {
    minLength: 1,
    maxLength: 3,
  }),
  owned: fc.boolean(),
  way: fc.constantFrom("context" as const, "signal" as const, "derived" as const),
});
