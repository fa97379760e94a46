import { durationText } from "./duration.ts";

/** A duration in whole seconds, for what is read anew each second. */
export function ageText(duration: number): string {
  return duration < 1_000 ? "0 s" : durationText(Math.floor(duration / 1_000) * 1_000);
}
