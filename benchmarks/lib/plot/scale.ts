/** Where figures lie on an axis. */
export interface Scale {
  /** The pixel of a figure. */
  readonly at: (value: number) => number;
  /** Round figures that are worth a line and a label. */
  readonly ticks: readonly number[];
}

/** How much of the axis stays free on each side, so that a dot at its end is whole. */
const margin = 0.03;

/** An axis from 0 to the highest figure. */
export function linearScale(highest: number, from: number, to: number, gap: number): Scale {
  const end = highest * (1 + margin);
  const at = (value: number): number => from + ((to - from) * value) / end;
  const step = decades(end / 1_000, end, [1, 2, 5]).find((step) => at(step) - from >= gap) ?? end;
  const count = Math.floor(end / step);
  return { at, ticks: Array.from({ length: count + 1 }, (_, index) => exact(index * step)) };
}

/** An axis on which equal ratios are equal distances. */
export function logScale(
  [lowest, highest]: readonly [number, number],
  from: number,
  to: number,
  gap: number,
): Scale {
  const room = Math.max(Math.log10(highest / lowest), 0.1) * margin;
  const [start, end] = [Math.log10(lowest) - room, Math.log10(highest) + room];
  const at = (value: number): number =>
    from + ((to - from) * (Math.log10(value) - start)) / (end - start);
  const fitting = logSteps
    .map((steps) => decades(10 ** start, 10 ** end, steps))
    .find((ticks) =>
      ticks.every((tick, index) => index === 0 || at(tick) - at(ticks[index - 1]!) >= gap),
    );
  return { at, ticks: fitting ?? [] };
}

/** From close to wide. */
const logSteps = [[1, 1.5, 2, 3, 5, 7], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]] as const;

/** Those figures times powers of ten that lie between two. */
function decades(low: number, high: number, steps: readonly number[]): number[] {
  const first = Math.floor(Math.log10(low));
  const count = Math.floor(Math.log10(high)) - first + 1;
  return Array.from({ length: count }, (_, index) => first + index)
    .flatMap((power) => steps.map((step) => exact(step * 10 ** power)))
    .filter((value) => low <= value && value <= high);
}

/** Without what binary fractions leave of 0.3. */
function exact(value: number): number {
  return Number(value.toPrecision(6));
}
