import { SseResponseError } from "../errors.ts";
import { withoutBodyFields, withoutCredentials } from "./headers.ts";
import { addressOf, type StreamRequest, withoutCredentialsInUrl } from "./request.ts";

/** The statuses that are followed when there is a `Location`. */
export const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** As many as the Fetch standard allows. */
export const mostRedirects = 20;

/**
 * The request that follows a redirect (WHATWG Fetch, HTTP-redirect fetch). To another origin no header goes that may be a
 * credential, and none comes back when a later redirect leads home.
 *
 * @param from Where the redirect came from: elsewhere than the request went to, if a transport has followed others itself.
 * @throws {@link SseResponseError} if there is no following it.
 */
export function redirected(
  request: StreamRequest,
  from: URL,
  status: number,
  location: string,
): StreamRequest {
  const home = request.url.origin;
  const url = targetOf(from, location);
  let { method, fields, body } = request;
  if (losesBody(status, method)) {
    method = "GET";
    body = undefined;
    fields = withoutBodyFields(fields);
  }
  if (from.origin !== home || url.origin !== home) fields = withoutCredentials(fields);
  return { url, method, fields, body };
}

function targetOf(from: URL, location: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return withoutCredentialsInUrl(url);
  const where = url === undefined ? "what is no URL" : `a ${url.protocol} URL`;
  throw new SseResponseError(
    `Cannot open the stream: ${addressOf(from)} redirects to ${where}, which cannot be followed`,
  );
}

function losesBody(status: number, method: string): boolean {
  return status === 303 ? method !== "GET" : status < 303 && method === "POST";
}
