import type { ErrorDetail } from "../../model/wire.ts";
import { middleCut } from "../../model/middle-cut.ts";
import { cut } from "./cut.ts";
import { safely } from "./safely.ts";

const longestLine = 300;
/** Characters of a line from which on paths of files are shortened. */
const roomy = 80;
const longestMessage = 2_000;
const longestStack = 8_000;
/** A chain that is longer than this is no chain that anybody reads. */
const mostCauses = 10;

/** What an error says, and what is behind it, in one line. Whoever made it may have put anything into it. */
export function errorLine(error: unknown): string {
  const line = withCause(error)
    .split(/[\r\n]+/)
    .find((part) => part.trim() !== "");
  return middleCut(withShortPaths((line ?? nameOf(error)).trim()), longestLine);
}

/** What an error says, and in its first line what is behind it. */
export function errorMessage(error: unknown): string {
  return cut(withCause(error), longestMessage);
}

/** `fetch failed: connect ECONNREFUSED 127.0.0.1:9000`: the deepest cause, where the error itself does not tell it. */
function withCause(error: unknown): string {
  const message = messageOf(error);
  const cause = chainOf(error)
    .filter((one) => one !== null)
    .map(messageOf)
    .findLast((one) => one.trim() !== "");
  const [line = ""] = cause?.trim().split(/[\r\n]/, 1) ?? [];
  if (message.includes(line)) return message;
  // At the end of the first line, as not all have room for more.
  return (message.trim() || nameOf(error)).replace(/(?=[\r\n]|$)/, () => `: ${line}`);
}

/** A line that begins with where a file lies has no room left for what is wrong with it. */
function withShortPaths(line: string): string {
  return line.length <= roomy ? line : line.replace(/(?<=^|[\s"'(])(\/[^\s/"']+){2,}(?=\/)/g, "…");
}

/** The error and what caused it, outermost first. */
export function errorDetails(error: unknown): ErrorDetail[] {
  return error === undefined ? [] : chainOf(error).map(detailOf);
}

/** The error and what caused it, each once. */
function chainOf(error: unknown): unknown[] {
  const chain = new Set([error]);
  // Visits what is added on the way, too.
  for (const one of chain) {
    const cause = field(one, "cause");
    if (cause !== undefined && chain.size < mostCauses) chain.add(cause);
  }
  return [...chain];
}

function detailOf(error: unknown): ErrorDetail {
  const stack = field(error, "stack");
  return {
    name: middleCut(nameOf(error), longestLine),
    message: cut(messageOf(error), longestMessage),
    ...(typeof stack === "string" && { stack: cut(stack, longestStack) }),
  };
}

function messageOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return safely(() => String(error), "");
  const message = field(error, "message");
  if (typeof message === "string" && message !== "") return message;
  // Node tells of a connection that was refused on two addresses by an error without a message of its own.
  const errors = field(error, "errors");
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return first === undefined || first === error ? "" : safely(() => messageOf(first), "");
}

function nameOf(error: unknown): string {
  const name = field(error, "name");
  return typeof name === "string" && name !== "" ? name : "Error";
}

function field(error: unknown, name: string): unknown {
  if (typeof error !== "object" || error === null) return undefined;
  return safely(() => (error as Record<string, unknown>)[name], undefined);
}
