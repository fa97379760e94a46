const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `12 ms`, `4.2 s`, `14 s`, `1 min 30 s`, `2 h`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < second) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10 * second) return `${trimmed((Math.floor(ms / 100) / 10).toFixed(1))} s`;
  return formatSeconds(ms);
}

/** The same in whole seconds, for what is read anew each second: `0 s`, `4 s`, `1 min 30 s`. */
export function formatAge(ms: number): string {
  return formatSeconds(Math.max(0, ms));
}

function formatSeconds(ms: number): string {
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return pair(ms, minute, "min", second, "s");
  if (ms < day) return pair(ms, hour, "h", minute, "min");
  return pair(ms, day, "d", hour, "h");
}

function pair(ms: number, large: number, name: string, small: number, rest: string): string {
  const remainder = Math.floor((ms % large) / small);
  const whole = `${Math.floor(ms / large)} ${name}`;
  return remainder === 0 ? whole : `${whole} ${remainder} ${rest}`;
}

function trimmed(number: string): string {
  return number.replace(/\.0$/, "");
}
