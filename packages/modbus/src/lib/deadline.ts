import { longestDelay } from "./check.ts";

/**
 * Calls `expire` when `milliseconds` have passed, but after what has arrived by then: when the event loop was blocked,
 * timers come before the data that waited just as long, and an answer that is here would be declared missing.
 *
 * @returns a function that calls it off
 */
export function startDeadline(milliseconds: number, expire: () => void): () => void {
  let arrivals: NodeJS.Immediate | undefined;
  const timer = setTimeout(
    () => {
      arrivals = setImmediate(expire);
    },
    Math.min(milliseconds, longestDelay),
  );
  return () => {
    clearTimeout(timer);
    clearImmediate(arrivals);
  };
}
