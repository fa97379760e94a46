import { unescape } from "node:querystring";
import type { Check } from "@sup/core/adapter";

/** Names with their values: an object, or pairs, as a `Headers` or a `Map` are. */
export type SseHeaders = Readonly<Record<string, string>> | Iterable<readonly [string, string]>;

/** What a `headers` function is given. */
export interface SseHeadersContext {
  /** Aborted when the attempt to connect is over: the actor stops, or `connectTimeout` has passed. */
  readonly signal: AbortSignal;
}

/** Names in lower case. */
export type HeaderFields = Readonly<Record<string, string>>;

/** @throws TypeError or RangeError that names the header and the rule. */
export function toHeaderFields(check: Check, headers: SseHeaders): HeaderFields {
  if (typeof headers !== "object" || headers === null)
    check.refuse("headers", "an object", headers);
  const pairs: Iterable<readonly [string, string]> =
    Symbol.iterator in headers
      ? (headers as Iterable<readonly [string, string]>)
      : Object.entries(headers);
  const fields: Record<string, string> = {};
  for (const pair of pairs) {
    if (!Array.isArray(pair)) check.refuse("headers", "pairs of name and value", pair);
    const [name, value] = pair as readonly [string, string];
    checkHeader(check, name, value);
    fields[name.toLowerCase()] = value;
  }
  return fields;
}

/** What every request of a stream has, unless it says otherwise (WHATWG HTML, section 9.2.3). */
export const standardFields: HeaderFields = {
  accept: "text/event-stream",
  "cache-control": "no-cache",
};

/** The credentials of a URL, as RFC 7617 sends them. */
export function basicCredentials({ username, password }: URL): HeaderFields {
  if (username === "" && password === "") return {};
  const pair = Buffer.from(`${unescape(username)}:${unescape(password)}`);
  return { authorization: `Basic ${pair.toString("base64")}` };
}

/**
 * An id as the value of `Last-Event-ID`: its UTF-8 bytes, each as the character that is sent as that byte. `undefined` for
 * an id that a header cannot carry.
 */
export function toHeaderValue(id: string): string | undefined {
  const value = Buffer.from(id).toString("latin1");
  return isHeaderValue(value) ? value : undefined;
}

/** The fields that may go to another origin: what tells about the client and the body, and cannot be a credential. */
export function withoutCredentials(fields: HeaderFields): HeaderFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => harmless.has(name)));
}

/** The fields of a request that has lost its body. */
export function withoutBodyFields(fields: HeaderFields): HeaderFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !bodyFields.has(name)));
}

function checkHeader(check: Check, name: unknown, value: unknown): void {
  if (typeof name !== "string" || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)) {
    check.refuse("headers", "names of RFC 9110 tokens", name, "string");
  }
  const what = `headers[${JSON.stringify(name)}]`;
  if (typeof value !== "string") check.refuse(what, "a string", value);
  // A value is not shown: it may be a secret.
  if (!isHeaderValue(value)) {
    throw new RangeError(
      `Cannot ${check.action}: \`${what}\` must hold no line breaks, no other control characters, and nothing past U+00FF`,
    );
  }
  const instead = reserved.get(name.toLowerCase());
  if (instead === undefined) return;
  throw new RangeError(`Cannot ${check.action}: \`${what}\` cannot be set: ${instead}`);
}

/** RFC 9110, section 5.5. */
function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

const ofConnection = "it belongs to the connection";
const ofBody = "it follows from `body`";

const reserved: ReadonlyMap<string, string> = new Map([
  ["last-event-id", "use the option `lastEventId`"],
  ["accept-encoding", "a compressed stream cannot be read"],
  ["content-length", ofBody],
  ["transfer-encoding", ofBody],
  ["trailer", ofBody],
  ["connection", ofConnection],
  ["expect", ofConnection],
  ["keep-alive", ofConnection],
  ["te", ofConnection],
  ["upgrade", ofConnection],
]);

const bodyFields: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
]);

const harmless: ReadonlySet<string> = new Set([
  "accept",
  "accept-language",
  "cache-control",
  "last-event-id",
  "user-agent",
  ...bodyFields,
]);
