import * as fc from "fast-check";

/** A value that is computed from others that come before it in the plan. */
export interface NodePlan {
  /** Indices of what it depends on; those of the sources come first. */
  readonly dependencies: readonly number[];
  /** An index of something that it reads without depending on it. */
  readonly alsoReads: number | undefined;
  readonly asFunction: boolean;
  readonly hasEqual: boolean;
  readonly isFragile: boolean;
  readonly window: number;
}

export type SourceKind = "cell" | "signal" | "throttle" | "trigger";

/** What happens to the graph, one after the other. */
export type Step =
  | { readonly kind: "change"; readonly source: number; readonly value: number }
  | { readonly kind: "read"; readonly node: number }
  | { readonly kind: "start" | "stop" | "restart" | "crash"; readonly actor: number }
  | { readonly kind: "pass"; readonly ms: number };

/** A listener that changes a source in the middle of a change. */
export interface ListenerPlan {
  readonly on: number;
  readonly changes: number;
  readonly by: number;
}

export interface Plan {
  readonly sources: readonly SourceKind[];
  readonly nodes: readonly NodePlan[];
  readonly listeners: readonly ListenerPlan[];
  readonly steps: readonly Step[];
}

const index = fc.nat({ max: 1_000 });
const small = fc.integer({ min: 0, max: 4 });

const sources = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<SourceKind>("cell") },
    fc.constantFrom<SourceKind>("signal", "throttle", "trigger"),
  ),
  { minLength: 1, maxLength: 5 },
);

const node = fc.record({
  dependencies: fc.array(index, { minLength: 1, maxLength: 5 }),
  alsoReads: fc.option(index, { nil: undefined, freq: 3 }),
  asFunction: fc.boolean(),
  hasEqual: fc.boolean(),
  isFragile: fc.integer({ min: 0, max: 5 }).map((at) => at === 0),
  window: fc.constantFrom(0, 0, 0, 0, 0, 20),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ kind: fc.constant("change"), source: index, value: small }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("read"), node: index }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("start", "stop", "restart", "crash"),
      actor: index,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pass"), ms: fc.nat({ max: 40 }) }) },
);

/** Any graph of up to `size` computed values, with up to `length` things that happen to it. */
export function plans(size: number, length: number): fc.Arbitrary<Plan> {
  return fc.record({
    sources,
    nodes: fc.array(node, { minLength: 1, maxLength: size }),
    listeners: fc.array(fc.record({ on: index, changes: index, by: small }), { maxLength: 4 }),
    steps: fc.array(step, { minLength: 1, maxLength: length, size: "max" }),
  });
}
