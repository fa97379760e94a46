import { validateHeaderName, validateHeaderValue } from "node:http";

/** Headers of the handshake by their names. */
export type WebSocketHeaders = Readonly<Record<string, string>>;

/** One subprotocol, or those that the client speaks, the best first. */
export type WebSocketProtocols = string | readonly string[];

/** A value, or a function that is asked for it at the beginning of each life: for a fresh token, say. */
export type PerLife<Value> = Value | ((context: PerLifeContext) => Value | PromiseLike<Value>);

/** What such a function is given; it stands under `connectTimeout`. */
export interface PerLifeContext {
  /** Aborted when the attempt to connect is over: the actor stops, or `connectTimeout` has passed. */
  readonly signal: AbortSignal;
}

/** @throws TypeError that names the header, and shows no value: it may be a secret. */
export function checkHeaders(
  action: string,
  headers: unknown,
): asserts headers is WebSocketHeaders {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers))
    refuseHeaders(action, "an object of strings");
  for (const [name, value] of Object.entries(headers)) {
    const shown = JSON.stringify(name);
    if (isRefused(() => validateHeaderName(name)))
      refuseHeaders(action, `named as headers can be, got ${shown}`);
    if (ofHandshake.test(name)) refuseHeaders(action, `without ${shown}: the handshake sets it`);
    if (typeof value !== "string" || isRefused(() => validateHeaderValue(name, value)))
      refuseHeaders(action, `strings without line breaks, which ${shown} is not`);
  }
}

/** @throws TypeError that names the rule (RFC 6455 section 4.1, item 10: tokens, each of them once). */
export function checkProtocols(
  action: string,
  protocols: unknown,
): asserts protocols is WebSocketProtocols {
  const list: readonly unknown[] = Array.isArray(protocols) ? protocols : [protocols];
  const isRight = list.every((protocol) => typeof protocol === "string" && token.test(protocol));
  if (isRight && new Set(list).size === list.length) return;
  throw new TypeError(`Cannot ${action}: \`protocols\` must be tokens of HTTP, each of them once`);
}

function refuseHeaders(action: string, rule: string): never {
  throw new TypeError(`Cannot ${action}: \`headers\` must be ${rule}`);
}

function isRefused(validate: () => void): boolean {
  try {
    validate();
    return false;
  } catch {
    return true;
  }
}

const ofHandshake = /^(connection|upgrade|sec-websocket-.*|content-length|transfer-encoding)$/i;

const token = /^[!#$%&'*+\-.^_`|~\w]+$/;
