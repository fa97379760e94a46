import type { Logger } from "../../packages/core/src/index.ts";

/** A logger that hands on all that it is told, whatever its level. */
export function loggerTo(
  note: (level: string, bindings: Record<string, unknown>, message: string) => void,
): Logger {
  const at = (level: string) => (bindings: Record<string, unknown>, message: string) =>
    note(level, bindings, message);
  const logger: Logger = {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: () => logger,
  };
  return logger;
}
