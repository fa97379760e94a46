export { WebSocketActor } from "./lib/web-socket-actor.ts";
export type { WebSocketActorOptions } from "./lib/options.ts";
export type {
  PerLife,
  PerLifeContext,
  WebSocketHeaders,
  WebSocketProtocols,
} from "./lib/connection/introduction.ts";
export type { WebSocketHooks } from "./lib/hooks.ts";
export type {
  WebSocketData,
  WebSocketMessage,
  WebSocketMessages,
  WebSocketMessagesOptions,
} from "./lib/data.ts";
export type { WebSocketProtocol } from "./lib/connection/outbox.ts";
export {
  type WebSocketClose,
  WebSocketClosedError,
  WebSocketConnectError,
  WebSocketHandshakeError,
  WebSocketIdleError,
  WebSocketProtocolError,
  WebSocketRequestError,
} from "./lib/errors.ts";
