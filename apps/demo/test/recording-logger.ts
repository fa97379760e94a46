import type { Logger } from "@sup/core";

/** A logger that keeps what it is told, as "level message" and the message of an error. */
export function recordingLogger(lines: string[]): Logger {
  const log = (level: string) => (bindings: Record<string, unknown>, message: string) => {
    const { error } = bindings;
    lines.push(`${level} ${message}${error instanceof Error ? `: ${error.message}` : ""}`);
  };
  const logger: Logger = {
    debug: () => {},
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
    child: () => logger,
  };
  return logger;
}
