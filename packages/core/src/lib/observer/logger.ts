import { tell } from "./observer.ts";

/** One level of a logger: values first, then what happened. */
export type LogFunction = (bindings: Record<string, unknown>, message: string) => void;

/** What pino's and Fastify's loggers already are. */
export interface Logger {
  /** What is of use when something is looked for. */
  debug: LogFunction;
  /** What happens as it should. */
  info: LogFunction;
  /** What should not happen too often. */
  warn: LogFunction;
  /** What should not happen. */
  error: LogFunction;
  /** A logger whose every line has these bindings as well. */
  child(bindings: Record<string, unknown>): Logger;
}

const nothing = (): void => {};

/** The default: logs nothing. */
export const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silent,
};

export const logLevels = ["debug", "info", "warn", "error"] as const;

/** The child of `parent` with `values`, for those whom it must not hurt: what it throws is lost. */
export function harmlessChild(parent: Logger, values: Record<string, unknown>): Logger {
  if (parent === silent) return silent;
  let logger = silent;
  try {
    logger = parent.child(values);
  } catch {
    // Then there is nobody to tell.
  }
  const child: Logger = { ...silent, child: (more) => harmlessChild(logger, more) };
  for (const level of logLevels) {
    child[level] = (bindings, message) => tell(() => logger[level](bindings, message), nothing);
  }
  return child;
}
