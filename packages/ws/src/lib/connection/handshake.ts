import type { IncomingMessage } from "node:http";
import { Deadline, unlessAborted } from "@sup/core/adapter";
import { WebSocket } from "ws";
import {
  WebSocketConnectError,
  WebSocketHandshakeError,
  WebSocketRequestError,
} from "../errors.ts";
import {
  checkHeaders,
  checkProtocols,
  type PerLife,
  type PerLifeContext,
  type WebSocketHeaders,
  type WebSocketProtocols,
} from "./introduction.ts";
import type { Settings } from "../options.ts";
import { reasonOf } from "./reason.ts";

/** What one life says of itself in the handshake. */
interface Introduction {
  readonly protocols: WebSocketProtocols;
  readonly headers: WebSocketHeaders;
}

/** @throws WebSocketRequestError, or the reason of `signal` when it aborts. */
export async function introduce(
  action: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<Introduction> {
  const [protocols, headers] = await Promise.all([
    valueOf("protocols", settings.protocols, action, signal),
    valueOf("headers", settings.headers, action, signal),
  ]);
  try {
    checkProtocols(action, protocols);
    checkHeaders(action, headers);
  } catch (error) {
    throw new WebSocketRequestError((error as Error).message, false, { cause: error });
  }
  return { protocols, headers };
}

/** A socket that begins to connect. Whoever makes it listens to it in the same tick, so that nothing is missed. */
export function beginHandshake(
  { url, tls, agent, maxPayload, perMessageDeflate }: Settings,
  { protocols, headers }: Introduction,
): WebSocket {
  return new WebSocket(url, [protocols].flat(), {
    ...tls,
    ...(agent && { agent }),
    headers,
    maxPayload,
    perMessageDeflate,
    autoPong: false,
    ...unlimited,
  });
}

/**
 * Resolves when `socket` is open.
 * @throws WebSocketConnectError, WebSocketHandshakeError, or the reason of `signal` when it aborts. Of the attempt nothing
 * is left then.
 */
export function finishHandshake(
  action: string,
  socket: WebSocket,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let failure: unknown;
  let isAnswered = false;
  let refusal: number | undefined;
  const isSecure = socket.url.startsWith("wss:");
  const giveUp = (reason: unknown) => {
    failure ??= reason;
    socket.terminate();
  };
  // A server whose refusal does not come to its end has refused all the same.
  const onAbort = () => {
    // Who is told of the open connection before this is may be the one who stops it.
    if (socket.readyState === socket.OPEN) return;
    const isLate = signal.reason instanceof WebSocketConnectError && refusal !== undefined;
    giveUp(isLate ? refusalOf(action, refusal!, "") : signal.reason);
  };
  socket.on("upgrade", () => (isAnswered = true));
  socket.on("unexpected-response", (_, response) => {
    refusal = response.statusCode ?? 0;
    void beginningOf(response).then((body) => giveUp(refusalOf(action, refusal!, body)));
  });
  socket.on("error", (error) => {
    failure ??= isAnswered
      ? new WebSocketHandshakeError(`Cannot ${action}: ${error.message}`, 101, "", { cause: error })
      : new WebSocketConnectError(`Cannot ${action}: ${reasonOf(error, isSecure)}`, {
          cause: error,
        });
  });
  // From then on the signal means nothing here: an open connection is closed, not given up.
  const settle = () => signal.removeEventListener("abort", onAbort);
  socket.on("close", () => {
    settle();
    reject(failure);
  });
  socket.on("open", () => {
    settle();
    resolve();
  });
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  return promise;
}

async function valueOf<Value>(
  name: string,
  source: PerLife<Value>,
  action: string,
  signal: AbortSignal,
): Promise<Value> {
  if (typeof source !== "function") return source;
  try {
    return await unlessAborted(
      (source as (context: PerLifeContext) => Value | PromiseLike<Value>)({ signal }),
      signal,
    );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new WebSocketRequestError(`Cannot ${action}: the function \`${name}\` failed`, true, {
      cause: error,
    });
  }
}

function refusalOf(action: string, status: number, body: string): WebSocketHandshakeError {
  const why = status === 400 && askedForTls.test(body) ? ", as it speaks TLS at that port" : "";
  const message = `Cannot ${action}: the server answered with status ${status}${why}`;
  return new WebSocketHandshakeError(message, status, body);
}

/** As nginx ("The plain HTTP request was sent to HTTPS port"), Apache and Go say it. */
const askedForTls = /plain HTTP|HTTP request to an HTTPS/;

/** The text with which a server refuses, as far as it comes soon. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const patience = new Deadline(bodyPatience, resolve);
  let body = Buffer.alloc(0);
  response.on("data", (chunk: Buffer) => {
    body = Buffer.concat([body, chunk]);
    if (body.length >= longestBody) resolve();
  });
  response.on("close", resolve);
  response.on("error", resolve);
  await promise;
  patience.cancel();
  return body.toString("utf8", 0, longestBody);
}

/** The connection has a timer of its own, which runs also when the peer ends without a close frame. */
const unlimited = { closeTimeout: 2_147_483_647 };

const bodyPatience = 1_000;

const longestBody = 1_024;
