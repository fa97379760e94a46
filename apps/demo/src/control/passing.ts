/**
 * Whether trying again may help: the device was too slow, busy or away. Anything else, as an address that the device
 * does not have, is a fault of the program or its settings, and is for the supervisor.
 */
export function isPassing(error: unknown): boolean {
  const { name, retryable } = error as { name?: unknown; retryable?: unknown };
  return retryable === true || name === "TimeoutError";
}
