import { Check, unlessAborted, withinDeadline } from "@sup/core/adapter";
import { SseConnectError, SseRequestError, SseResponseError, SseStatusError } from "../errors.ts";
import type { Settings } from "../options.ts";
import { retryAfterOf } from "./pace.ts";
import { reasonOf } from "./reason.ts";
import { type HeaderFields, standardFields, toHeaderFields } from "../request/headers.ts";
import { mostRedirects, redirected, redirectStatuses } from "../request/redirect.ts";
import { addressOf, type StreamRequest } from "../request/request.ts";
import type { Exchange } from "../transport/transport.ts";

/** A response that was followed to its end, whatever its status. */
interface Answer {
  readonly exchange: Exchange;
  readonly url: URL;
}

/**
 * Asks for the stream, and follows redirects. Of an attempt that fails nothing is left.
 *
 * @param lastEventId As the value of a header; none when `undefined`.
 * @returns the stream, or the status of `stopOn` by which the server says that there is none any more.
 * @throws {@link SseConnectError}, {@link SseRequestError}, {@link SseStatusError}, {@link SseResponseError}, or the
 * signal's reason if it aborts before.
 */
export async function openStream(
  settings: Settings,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<Answer | number> {
  const { url, connectTimeout, stopOn } = settings;
  const lateness = () =>
    new SseConnectError(
      `Cannot connect to ${addressOf(url)}: no response within ${connectTimeout} ms`,
    );
  return withinDeadline(connectTimeout, signal, lateness, async (scope) => {
    const request = await toRequest(settings, lastEventId, scope);
    const answer = await follow(settings, request, scope);
    const { exchange } = answer;
    const isStop = stopOn.has(exchange.status);
    const fault = isStop ? undefined : faultOf(settings, answer);
    if (!isStop && fault === undefined) return answer;
    await exchange.close();
    if (fault !== undefined) throw fault;
    return exchange.status;
  });
}

async function toRequest(
  { url, method, body, credentials, headers }: Settings,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<StreamRequest> {
  let own = headers as HeaderFields;
  if (typeof headers === "function") {
    const action = `connect to ${addressOf(url)}`;
    const made = await unlessAborted(makeHeaders(headers, action, signal), signal);
    try {
      own = toHeaderFields(new Check(action), made);
    } catch (cause) {
      throw new SseRequestError((cause as Error).message, false, { cause });
    }
  }
  const id: HeaderFields = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  return { url, method, body, fields: { ...standardFields, ...credentials, ...own, ...id } };
}

async function makeHeaders(
  make: Extract<Settings["headers"], Function>,
  action: string,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<typeof make>>> {
  try {
    return await make({ signal });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SseRequestError(`Cannot ${action}: \`headers\` failed: ${why}`, true, { cause });
  }
}

async function follow(
  settings: Settings,
  first: StreamRequest,
  signal: AbortSignal,
): Promise<Answer> {
  let request = first;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const exchange = await send(settings, request, signal);
    const url = exchange.url ?? request.url;
    const location = exchange.header("location");
    if (!redirectStatuses.has(exchange.status) || location === undefined) return { exchange, url };
    await exchange.close();
    request = redirected(request, url, exchange.status, location);
  }
  throw new SseResponseError(
    `Cannot open the stream: ${addressOf(first.url)} redirects more than ${mostRedirects} times`,
  );
}

async function send(
  { transport }: Settings,
  request: StreamRequest,
  signal: AbortSignal,
): Promise<Exchange> {
  try {
    return await transport(request, signal);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const why = reasonOf(cause, request.url);
    throw new SseConnectError(`Cannot connect to ${addressOf(request.url)}: ${why}`, { cause });
  }
}

/** Why an answer is no stream. */
function faultOf({ retryOn }: Settings, { exchange, url }: Answer): Error | undefined {
  const { status } = exchange;
  const action = `open the stream of ${addressOf(url)}`;
  if (status !== 200) {
    const retryAfter = retryAfterOf(exchange.header("retry-after"), Date.now());
    const message = `Cannot ${action}: the server answered with status ${status}`;
    return new SseStatusError(message, status, retryOn.has(status), retryAfter);
  }
  const type = exchange.header("content-type");
  if (essenceOf(type) !== "text/event-stream") {
    const got = type === undefined ? "none" : JSON.stringify(type);
    const why = `its content type must be text/event-stream, got ${got}`;
    return new SseResponseError(`Cannot ${action}: ${why}`);
  }
  const { encoding = "" } = exchange;
  if (encoding === "") return undefined;
  const why = `it is encoded (${encoding}), though only identity was accepted`;
  return new SseResponseError(`Cannot ${action}: ${why}`);
}

/** Of parameters, the charset included, nothing matters. */
function essenceOf(type: string | undefined): string | undefined {
  return type?.split(";", 1)[0]?.trim().toLowerCase();
}
