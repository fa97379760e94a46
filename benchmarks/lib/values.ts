/**
 * The payload of the message with that index. Small integers: a sum of them never leaves the range in which V8 stores
 * integers without an allocation, so that the heap figures show the library and not the arithmetic.
 */
export function valueAt(index: number): number {
  return index & 7;
}

/**
 * Checks the sum that was computed from the values of all indices below `count`.
 *
 * @throws `Error` when a message was lost, doubled or altered.
 */
export function checkSum(sum: number, count: number): void {
  const rest = count & 7;
  const expected = ((count - rest) / 8) * 28 + (rest * (rest - 1)) / 2;
  if (sum !== expected)
    throw new Error(
      `Cannot accept the result: the sum of ${count} messages is ${sum}, not ${expected}`,
    );
}

/** Checks how often something happened. */
export function checkCount(count: number, expected: number): void {
  if (count !== expected)
    throw new Error(`Cannot accept the result: counted ${count}, expected ${expected}`);
}
