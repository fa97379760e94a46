/**
 * The shape of a benchmark.
 *
 * A group is one file of `cases/`: `pnpm bench core` runs `cases/core.ts`. A group's file exports
 *
 * ```ts
 * export const group: BenchGroup = { title: "…", cases: [ … ] };
 * ```
 *
 * and nothing has to be registered anywhere else. Each case runs in a process of its own, several times, interleaved
 * with the other cases of its group: it must not rely on anything that another case did.
 */
export interface BenchGroup {
  /** One line that says what the group measures. */
  readonly title: string;
  /** Flags of Node that the cases need, for example `--expose-gc`. */
  readonly nodeFlags?: readonly string[];
  /** Processes per case, where the default costs too much time. */
  readonly rounds?: number;
  readonly cases: readonly BenchCase[];
}

/** A case measures time (it has `open`) or memory (it has `measure`). */
export type BenchCase = TimeCase | HeapCase;

interface CaseDescription {
  /** Unique in its group. */
  readonly name: string;
  /** What one operation is, in one line. */
  readonly operation: string;
  /**
   * Operations of one sample: enough for some milliseconds. `--quick` asks for a hundredth of it, so that any integer of
   * 1 or more has to work.
   */
  readonly operations: number;
  /** The figure that the case must not exceed: nanoseconds or bytes per operation. */
  readonly aim?: number;
  /** What the Go library needs for the same, measured on a machine of this kind. */
  readonly go?: number;
  /** Another case of the group that did the same work in the same round, and how many times its figure is allowed. */
  readonly baseline?: { readonly name: string; readonly atMost?: number };
}

/** Time per operation. */
export interface TimeCase extends CaseDescription {
  /**
   * `"cpu"`: the time that the main thread computed, which other programs on the machine hardly change. `"wall"`: the time
   * that passed, for work that waits for another process.
   *
   * @defaultValue `"cpu"`
   */
  readonly clock?: "cpu" | "wall";
  /** Builds what the samples need; not measured. */
  open(operations: number): Promise<Workload> | Workload;
}

/** What is measured, and what has to happen around it. */
export interface Workload {
  /** Not measured. */
  beforeSample?(operations: number): Promise<void> | void;
  /** Does the whole work of that many operations, and throws when the result is not the right one. */
  sample(operations: number): Promise<void> | void;
  /** Not measured. */
  afterSample?(operations: number): Promise<void> | void;
  /** Ends everything that would keep the process alive. */
  close?(): Promise<void> | void;
}

/** Heap per operation: bytes that are allocated, or bytes that stay. */
export interface HeapCase extends CaseDescription {
  /** Resolves to bytes per operation. */
  measure(operations: number): Promise<number>;
}
