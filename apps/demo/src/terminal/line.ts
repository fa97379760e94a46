export type Level = "info" | "warn" | "error";

/** What goes into one line of the terminal. */
export interface Entry {
  readonly time: Date;
  readonly level: Level;
  /** Values that belong to the message, as a `Logger` gets them. */
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Colours a part of a line. */
export type Paint = (part: Part, text: string) => string;

export type Part = "time" | "name" | Level;

/** As wide as the longest name of this tree. */
const nameWidth = "circulation-reading".length;

/** An entry as a line: when, how grave, who, what, and why. */
export function lineOf({ time, level, bindings, message }: Entry, paint: Paint): string {
  const { actor, supervisor, error, ...values } = bindings;
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  const what = [message, ...pairs.map(pairText)].join(" ");
  const line = [
    paint("time", timeText(time)),
    paint(level, level.padEnd("error".length)),
    paint("name", String(actor ?? supervisor ?? "").padEnd(nameWidth)),
    `${paint(level, what)}${error === undefined ? "" : `: ${reasonText(error)}`}`,
  ].join(" ");
  return onOneLine(line);
}

function pairText([key, value]: [string, unknown]): string {
  const shown = typeof value === "number" ? Math.round(value * 10) / 10 : value;
  return `${key}=${typeof shown === "string" ? shown : JSON.stringify(shown)}`;
}

function reasonText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function onOneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ");
}

function timeText(time: Date): string {
  const parts = [time.getHours(), time.getMinutes(), time.getSeconds()];
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return `${clock}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}
