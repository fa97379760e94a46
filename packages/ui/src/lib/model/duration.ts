const units = [
  { name: "d", length: 86_400, rest: "h" },
  { name: "h", length: 3_600, rest: "m" },
  { name: "m", length: 60, rest: "s" },
] as const;
const restLength = { h: 3_600, m: 60, s: 1 } as const;

/** A duration in its two largest units, as "850 ms", "4.2 s", "60 s", "1 m 02 s" or "3 d 04 h"; `duration` is in milliseconds. */
export function durationText(duration: number): string {
  const milliseconds = Math.max(0, duration);
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 9_950) return `${(milliseconds / 1_000).toFixed(1).replace(/\.0$/, "")} s`;
  const seconds = Math.round(milliseconds / 1_000);
  // A minute is the window of many limits, which people know as 60 s.
  if (seconds <= 60) return `${seconds} s`;
  const { name, length, rest } = units.find((unit) => seconds >= unit.length)!;
  const whole = `${Math.floor(seconds / length)} ${name}`;
  const remainder = Math.floor((seconds % length) / restLength[rest]);
  return remainder === 0 ? whole : `${whole} ${String(remainder).padStart(2, "0")} ${rest}`;
}
