import { Check } from "@sup/core/adapter";
import type { SseHooks } from "./hooks.ts";
import {
  basicCredentials,
  type HeaderFields,
  type SseHeaders,
  type SseHeadersContext,
  toHeaderFields,
} from "./request/headers.ts";
import { redirectStatuses } from "./request/redirect.ts";
import { withoutCredentialsInUrl } from "./request/request.ts";
import { fetchTransport, type SseFetch } from "./transport/fetch.ts";
import { nodeHttp } from "./transport/node-http.ts";
import type { Transport } from "./transport/transport.ts";

/** Options of an `SseActor`. */
export interface SseActorOptions extends SseHooks {
  /**
   * Headers of the request, or a function that is asked for them in each life, such as for a fresh token; it stands under
   * `connectTimeout`. To another origin a redirect takes only those that cannot be a credential: `Accept`,
   * `Accept-Language`, `Cache-Control`, `User-Agent`, `Content-…`.
   * @defaultValue none but those that the protocol asks for
   */
  readonly headers?:
    | SseHeaders
    | ((context: SseHeadersContext) => SseHeaders | Promise<SseHeaders>)
    | undefined;
  /**
   * The method of the request; one whose response has no body is refused, and so is GET with a `body`.
   * @defaultValue `"GET"`, and `"POST"` with a `body`
   */
  readonly method?: string | undefined;
  /**
   * The body of the request, sent in each life.
   * @defaultValue none
   */
  readonly body?: string | Uint8Array | undefined;
  /**
   * The id after which the first life asks the server to go on: what `actor.lastEventId` was when the process before ended.
   * @defaultValue `""`: none
   */
  readonly lastEventId?: string | undefined;
  /**
   * Milliseconds without a byte, comments included, after which the stream counts as dead: the actor crashes with
   * `SseIdleError`. `false` turns it off: a stream may then be silent for as long as its connection lives.
   * @defaultValue 30,000
   */
  readonly idleTimeout?: number | false | undefined;
  /**
   * Milliseconds from the beginning of an attempt to the head of the response, headers function, name resolution, TLS and
   * redirects included; past it the actor crashes with `SseConnectError`.
   * @defaultValue 10,000
   */
  readonly connectTimeout?: number | undefined;
  /**
   * Bytes that one event may have, all its lines together; past it the actor crashes with `SseEventTooLargeError`. Comments
   * do not count.
   * @defaultValue 1,048,576 (1 MiB)
   */
  readonly maxEventSize?: number | undefined;
  /**
   * Statuses that may be others later: their `SseStatusError` is `retryable`.
   * @defaultValue `[408, 425, 429, 500, 502, 503, 504]`
   */
  readonly retryOn?: readonly number[] | undefined;
  /**
   * Statuses by which the server says that there will be no more: the actor finishes, whatever its policy.
   * @defaultValue `[204]`
   */
  readonly stopOn?: readonly number[] | undefined;
  /**
   * Bounds of what the server may ask for as least delay before the next life (`retry`, `Retry-After`), in milliseconds.
   * @defaultValue `{ min: 100, max: 60_000 }`
   */
  readonly retry?: SseRetryBounds | undefined;
  /**
   * A transport of one's own, such as for a proxy: what `fetch` is.
   * @defaultValue `node:http` and `node:https`
   */
  readonly fetch?: SseFetch | undefined;
}

/** Bounds in milliseconds; what the server asks for outside of them counts as the nearer one. */
export interface SseRetryBounds {
  /**
   * The least that counts, in milliseconds.
   * @defaultValue 100, or `max` where that is less
   */
  readonly min?: number | undefined;
  /**
   * The most that counts, in milliseconds.
   * @defaultValue 60,000, or `min` where that is more
   */
  readonly max?: number | undefined;
}

/** The options, validated and complete. */
export interface Settings extends SseHooks {
  /** Without user name, password and fragment. */
  readonly url: URL;
  readonly method: string;
  readonly body: string | Uint8Array | undefined;
  /** What comes with the URL; the headers go over it. */
  readonly credentials: HeaderFields;
  readonly headers:
    | HeaderFields
    | ((context: SseHeadersContext) => SseHeaders | Promise<SseHeaders>);
  readonly lastEventId: string;
  readonly idleTimeout: number | false;
  readonly connectTimeout: number;
  readonly maxEventSize: number;
  readonly retryOn: ReadonlySet<number>;
  readonly stopOn: ReadonlySet<number>;
  readonly retry: { readonly min: number; readonly max: number };
  readonly transport: Transport;
}

/** @throws TypeError or RangeError that names the option and the rule. */
export function settingsOf(name: string, url: string | URL, options: SseActorOptions): Settings {
  const check = Check.creation("SSE actor", name);
  check.object("options", options);
  const {
    headers = {},
    body,
    method = body === undefined ? "GET" : "POST",
    lastEventId = "",
    idleTimeout = 30_000,
    connectTimeout = 10_000,
    maxEventSize = 1_048_576,
    retryOn = [408, 425, 429, 500, 502, 503, 504],
    stopOn = [204],
    retry = {},
    fetch,
    onConnect,
    onEvent,
    onError,
    ...rest
  } = options;
  const hooks = { onConnect, onEvent, onError };
  const target = toUrl(check, url);
  check.string("lastEventId", lastEventId);
  check.timeoutOrFalse("idleTimeout", idleTimeout);
  check.timeout("connectTimeout", connectTimeout);
  check.integer("maxEventSize", maxEventSize, 1);
  check.functions({ ...hooks, fetch });
  check.nothingElse(rest);
  return {
    url: withoutCredentialsInUrl(target),
    method: toMethod(check, method, body),
    body: toBody(check, body),
    credentials: basicCredentials(target),
    headers: typeof headers === "function" ? headers : staticHeaders(check, headers, target),
    lastEventId,
    idleTimeout,
    connectTimeout,
    maxEventSize,
    ...toStatuses(check, retryOn, stopOn),
    retry: toBounds(check, retry),
    transport: fetch === undefined ? nodeHttp : fetchTransport(fetch),
    ...hooks,
  };
}

function toUrl(check: Check, url: unknown): URL {
  const rule = "an http: or https: URL";
  if (typeof url !== "string" && !(url instanceof URL)) check.refuse("url", rule, url);
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed?.protocol === "http:" || parsed?.protocol === "https:") return parsed;
  // A password is nothing for messages.
  return check.refuse("url", rule, String(url).replace(/\/\/[^/@]*@/, "//…@"), "string");
}

function staticHeaders(check: Check, headers: SseHeaders, target: URL): HeaderFields {
  const fields = toHeaderFields(check, headers);
  if (fields["authorization"] !== undefined && target.username + target.password !== "") {
    throw new RangeError(
      `Cannot ${check.action}: \`headers["authorization"]\` and the user name in \`url\` contradict each other`,
    );
  }
  return fields;
}

function toMethod(check: Check, method: unknown, body: unknown): string {
  const rule = "a method whose response has a body, such as GET or POST";
  if (typeof method !== "string") check.refuse("method", rule, method);
  const upper = method.toUpperCase();
  // Those that the Fetch standard knows are sent in upper case however they are written; others are what they are.
  const sent = /^(?:DELETE|GET|OPTIONS|POST|PUT)$/.test(upper) ? upper : method;
  const isOk = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method) && !withoutStream.has(upper);
  if (!isOk) check.refuse("method", rule, method, "string");
  if (sent === "GET" && body !== undefined) {
    check.refuse("method", "another one than GET with a `body`", method, "string");
  }
  return sent;
}

const withoutStream: ReadonlySet<string> = new Set(["CONNECT", "HEAD", "TRACE", "TRACK"]);

/** A copy: what its owner does to the bytes later is not sent. */
function toBody(check: Check, body: unknown): string | Uint8Array | undefined {
  if (body === undefined || typeof body === "string") return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return check.refuse("body", "a string or a Uint8Array", body);
}

function toStatuses(
  check: Check,
  retryOn: readonly number[],
  stopOn: readonly number[],
): { retryOn: ReadonlySet<number>; stopOn: ReadonlySet<number> } {
  const lists = { retryOn, stopOn };
  for (const [name, statuses] of Object.entries(lists)) {
    if (!Array.isArray(statuses)) check.refuse(name, "an array of statuses", statuses);
    for (const status of statuses) {
      check.integer(`${name}[]`, status, 201, 599);
      if (redirectStatuses.has(status))
        check.refuse(`${name}[]`, "no redirect, as it is followed", status, "number");
    }
  }
  const both = stopOn.find((status) => retryOn.includes(status));
  if (both !== undefined) {
    throw new RangeError(`Cannot ${check.action}: \`retryOn\` and \`stopOn\` both hold ${both}`);
  }
  return { retryOn: new Set(retryOn), stopOn: new Set(stopOn) };
}

function toBounds(check: Check, bounds: SseRetryBounds): { min: number; max: number } {
  check.object("retry", bounds);
  const { min = Math.min(100, bounds.max ?? 100), max = Math.max(60_000, min), ...rest } = bounds;
  check.delay("retry.min", min);
  check.delay("retry.max", max, min);
  check.nothingElse(rest, "retry.");
  return { min, max };
}
