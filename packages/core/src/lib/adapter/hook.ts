import type { Logger } from "../observer/logger.ts";

/**
 * Calls a hook, a function of the user that is told what happens, so that it cannot harm its caller: what it throws or
 * rejects with is logged as an error, and changes nothing.
 *
 * @param name - of the option that the hook is.
 *
 * @example
 * ```ts
 * callHook("onConnect", options.onConnect, { address }, context.logger);
 * ```
 */
export function callHook<Info>(
  name: string,
  hook: ((info: Info) => unknown) | undefined,
  info: Info,
  logger: Logger,
): void {
  if (hook === undefined) return;
  try {
    const result = hook(info);
    if (result !== undefined) Promise.resolve(result).catch((error) => report(name, error, logger));
  } catch (error) {
    report(name, error, logger);
  }
}

function report(name: string, error: unknown, logger: Logger): void {
  try {
    logger.error({ error, hook: name }, `hook \`${name}\` failed`);
  } catch {
    // When that fails there is nobody left to tell.
  }
}
