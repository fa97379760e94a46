import { durationText } from "./duration.ts";
import type { BudgetState } from "./wire.ts";

/** `3 of 5 in 10 s, the next frees in 4.2 s`: how far a supervisor is from giving up. */
export function budgetText({ used, max, window, freesAt }: BudgetState, now: number): string {
  const text = `${used} of ${max} in ${durationText(window)}`;
  if (used === 0 || freesAt === undefined || freesAt <= now) return text;
  return `${text}, the next frees in ${durationText(freesAt - now)}`;
}
