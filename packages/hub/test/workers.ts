/** A routee that has a name and nothing else. */
export interface Worker {
  readonly name: string;
}

/** That many workers: worker-0, worker-1, … */
export function workers(count: 1): [Worker];
export function workers(count: 2): [Worker, Worker];
export function workers(count: 3): [Worker, Worker, Worker];
export function workers(count: number): Worker[];
export function workers(count: number): Worker[] {
  return Array.from({ length: count }, (_, index) => ({ name: `worker-${index}` }));
}

/** How often each of `values` occurs, in the order of `of`. */
export function tally<Value>(values: readonly Value[], of: readonly Value[]): number[] {
  return of.map((value) => values.filter((candidate) => candidate === value).length);
}

/**
 * The chi-square statistic of counts that should all be equal: with k counts it has a mean of k - 1 and a standard deviation of
 * sqrt(2 * (k - 1)).
 */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Six standard deviations above the mean: chance alone gets there once in millions of tries. */
export function chiSquareBound(counts: number): number {
  return counts - 1 + 6 * Math.sqrt(2 * (counts - 1));
}
