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
