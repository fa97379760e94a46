import type { Agent } from "node:http";
import type { ConnectionOptions } from "node:tls";
import { Check } from "@sup/core/adapter";
import {
  checkHeaders,
  checkProtocols,
  type PerLife,
  type WebSocketHeaders,
  type WebSocketProtocols,
} from "./connection/introduction.ts";
import type { WebSocketHooks } from "./hooks.ts";

/** Options of a `WebSocketActor`. */
export interface WebSocketActorOptions extends WebSocketHooks {
  /**
   * Subprotocols to offer; the server must choose one of them. As a function it is asked at the beginning of each life.
   * @defaultValue none
   */
  readonly protocols?: PerLife<WebSocketProtocols> | undefined;
  /**
   * Headers of the handshake. As a function it is asked at the beginning of each life: for a fresh token, say.
   * @defaultValue none
   */
  readonly headers?: PerLife<WebSocketHeaders> | undefined;
  /**
   * Milliseconds that connecting may take, from the functions above to the end of the handshake; past it the actor crashes
   * with `WebSocketConnectError`. `false`: as long as it takes.
   * @defaultValue 10,000
   */
  readonly connectTimeout?: number | false | undefined;
  /**
   * Milliseconds that a connection which is being closed, by either side, may take to end; past it its socket is destroyed.
   * `false`: as long as the peer takes.
   * @defaultValue 3,000
   */
  readonly closeTimeout?: number | false | undefined;
  /**
   * The close code that a stop sends: 1000, 1001, or 3000 to 4999.
   * @defaultValue 1000
   */
  readonly closeCode?: number | undefined;
  /**
   * Bytes of the longest message that is accepted, uncompressed; a longer one is refused with close code 1009, and the
   * actor crashes with `WebSocketProtocolError`.
   * @defaultValue 104,857,600 (100 MiB)
   */
  readonly maxPayload?: number | undefined;
  /**
   * Whether compression (RFC 7692) is offered. It costs much memory and time per message.
   * @defaultValue `false`
   */
  readonly perMessageDeflate?: boolean | undefined;
  /**
   * Messages that may wait to be sent; a `send` past it waits for room.
   * @defaultValue 64
   */
  readonly capacity?: number | undefined;
  /**
   * Bytes that may be buffered for a peer that reads slowly, 1,024 or more; a `send` past it waits. A message that is longer
   * goes out in fragments (RFC 6455 section 5.4).
   * @defaultValue 1,048,576 (1 MiB)
   */
  readonly highWaterMark?: number | undefined;
  /**
   * Options of the TLS connection, for a `wss:` URL: certificates, keys, `servername`, `rejectUnauthorized`.
   * @defaultValue those of Node
   */
  readonly tls?: ConnectionOptions | undefined;
  /**
   * An agent of `node:http` or `node:https` that makes the connection, through a proxy for example.
   * @defaultValue none: each life has a socket of its own
   */
  readonly agent?: Agent | undefined;
  /**
   * Milliseconds between two pings; below `idleTimeout`. `false`: none are sent.
   * @defaultValue 15,000, or half of `idleTimeout` where that is less
   */
  readonly pingInterval?: number | false | undefined;
  /**
   * Milliseconds without anything from the peer, an answer to a ping included, after which it counts as dead: the
   * connection is terminated and the actor crashes with `WebSocketIdleError`. `false`: it may be silent for ever.
   * @defaultValue 30,000
   */
  readonly idleTimeout?: number | false | undefined;
  /**
   * Close codes of the peer after which to connect anew makes no sense: the actor finishes, whatever its restart policy.
   * @defaultValue none
   */
  readonly stopCodes?: readonly number[] | undefined;
}

/** The options, validated and complete. */
export interface Settings extends Pick<WebSocketActorOptions, keyof WebSocketHooks> {
  readonly url: URL;
  readonly protocols: PerLife<WebSocketProtocols>;
  readonly headers: PerLife<WebSocketHeaders>;
  readonly connectTimeout: number | false;
  readonly closeTimeout: number | false;
  readonly closeCode: number;
  readonly maxPayload: number;
  readonly perMessageDeflate: boolean;
  readonly capacity: number;
  readonly highWaterMark: number;
  readonly tls: ConnectionOptions | undefined;
  readonly agent: Agent | undefined;
  readonly pingInterval: number | false;
  readonly idleTimeout: number | false;
  readonly stopCodes: ReadonlySet<number>;
}

/** @throws TypeError or RangeError that names the option and the rule. */
export function settingsOf(
  name: string,
  url: string | URL,
  options: WebSocketActorOptions,
): Settings {
  const check = Check.creation("WebSocket actor", name);
  check.object("options", options);
  const {
    protocols = [],
    headers = {},
    connectTimeout = 10_000,
    closeTimeout = 3_000,
    closeCode = 1_000,
    maxPayload = 100 * 1_024 * 1_024,
    perMessageDeflate = false,
    capacity = 64,
    highWaterMark = 1_024 * 1_024,
    tls,
    agent,
    idleTimeout = 30_000,
    pingInterval = defaultPingInterval(idleTimeout),
    stopCodes = [],
    onConnect,
    onMessage,
    onClose,
    onError,
    ...rest
  } = options;
  const { action } = check;
  const hooks = { onConnect, onMessage, onClose, onError };
  const target = targetOf(check, url);
  if (typeof protocols !== "function") checkProtocols(action, protocols);
  if (typeof headers !== "function") checkHeaders(action, headers);
  if (target.username !== "" && Object.keys(headers).some((name) => /^authorization$/i.test(name)))
    throw new TypeError(`Cannot ${action}: \`headers\` and \`url\` both hold credentials`);
  check.timeoutOrFalse("connectTimeout", connectTimeout);
  check.timeoutOrFalse("closeTimeout", closeTimeout);
  if (closeCode !== 1_000 && closeCode !== 1_001 && !isInteger(closeCode, 3_000, 4_999)) {
    check.refuse("closeCode", "1000, 1001 or an integer from 3000 to 4999", closeCode, "number");
  }
  // What ws counts in: a longer message could not be told from a shorter one.
  check.integer("maxPayload", maxPayload, 1, 2 ** 31 - 1);
  check.boolean("perMessageDeflate", perMessageDeflate);
  check.integer("capacity", capacity, 0);
  check.integer("highWaterMark", highWaterMark, 1_024);
  check.timeoutOrFalse("idleTimeout", idleTimeout);
  check.timeoutOrFalse("pingInterval", pingInterval);
  if (pingInterval !== false && idleTimeout !== false && pingInterval >= idleTimeout) {
    throw new RangeError(
      `Cannot ${action}: \`pingInterval\` must be below \`idleTimeout\`, got ${pingInterval} and ${idleTimeout}`,
    );
  }
  if (tls !== undefined) check.object("tls", tls);
  if (tls !== undefined && target.protocol !== "wss:")
    throw new TypeError(`Cannot ${action}: \`tls\` is for URLs that begin with wss:`);
  if (agent !== undefined) check.object("agent", agent);
  checkStopCodes(check, stopCodes);
  check.functions(hooks);
  check.nothingElse(rest);
  return {
    url: target,
    protocols: Array.isArray(protocols) ? [...protocols] : protocols,
    headers: typeof headers === "function" ? headers : { ...headers },
    connectTimeout,
    closeTimeout,
    closeCode,
    maxPayload,
    perMessageDeflate,
    capacity,
    highWaterMark,
    tls,
    agent,
    pingInterval,
    idleTimeout,
    stopCodes: new Set(stopCodes),
    ...hooks,
  };
}

/** The URL may carry a password or a token, so that what is wrong with it is told without it. */
function targetOf(check: Check, url: unknown): URL {
  if (typeof url !== "string" && !(url instanceof URL))
    check.refuse("url", "a string or a URL", url);
  const { action } = check;
  const target = URL.parse(String(url));
  if (target === null) throw new TypeError(`Cannot ${action}: \`url\` must be a valid URL`);
  const { protocol } = target;
  if (protocol !== "ws:" && protocol !== "wss:") {
    throw new TypeError(
      `Cannot ${action}: \`url\` must begin with ws: or wss:, got one that begins with ${protocol}`,
    );
  }
  // RFC 6455 section 3: fragments mean nothing here and must not be used.
  if (target.hash !== "") throw new TypeError(`Cannot ${action}: \`url\` must have no fragment`);
  return target;
}

function defaultPingInterval(idleTimeout: number | false): number {
  return typeof idleTimeout === "number" ? Math.min(15_000, idleTimeout / 2) : 15_000;
}

function checkStopCodes(check: Check, stopCodes: unknown): void {
  if (!Array.isArray(stopCodes)) check.refuse("stopCodes", "an array", stopCodes);
  for (const code of stopCodes) {
    if (isInteger(code, 1_000, 4_999)) continue;
    check.refuse("stopCodes", "close codes from 1000 to 4999", code, "number");
  }
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
