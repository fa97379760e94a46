import { grouped } from "../../lib/model/number-text.ts";

/** `4,312`, `12.3k`, `1.2M`: no more digits than an eye compares. */
export function formatCount(count: number): string {
  if (count < 10_000) return grouped(String(Math.round(count)));
  if (count < 999_500) return `${digits(count / 1e3)}k`;
  if (count < 999_500_000) return `${digits(count / 1e6)}M`;
  return `${digits(count / 1e9)}G`;
}

/** `0`, `0.4`, `12`, `4,312`: of something per second. */
export function formatRate(rate: number): string {
  return rate > 0 && rate < 9.95 ? (rate < 0.05 ? "<0.1" : trimmed(rate)) : formatCount(rate);
}

/** `12 B`, `3.4 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  if (bytes < 999_500) return `${digits(bytes / 1e3)} kB`;
  return `${digits(bytes / 1e6)} MB`;
}

/** `1 actor`, `2 actors`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function digits(value: number): string {
  return value < 99.95 ? trimmed(value) : String(Math.round(value));
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}
