import { ActorCrashedError, ActorStoppedError } from "@sup/core";

/**
 * Whether trying again may help: the device was too slow, busy or away, or its connection ended with the request in hand.
 * Anything else, as an address that the device does not have, is a fault of the program or its settings, and is for the
 * supervisor.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof ActorStoppedError || error instanceof ActorCrashedError) return true;
  const { name, retryable } = error as { name?: unknown; retryable?: unknown };
  return retryable === true || name === "TimeoutError";
}
