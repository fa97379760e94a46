/** One level of a logger: values first, then what happened. */
export type LogFunction = (bindings: Record<string, unknown>, message: string) => void;

/** What pino's and Fastify's loggers already are. */
export interface Logger {
  debug: LogFunction;
  info: LogFunction;
  warn: LogFunction;
  error: LogFunction;
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
