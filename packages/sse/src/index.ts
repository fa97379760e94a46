export { SseActor } from "./lib/sse-actor.ts";
export type { SseActorOptions, SseRetryBounds } from "./lib/options.ts";
export type { SseConnectionInfo, SseHooks } from "./lib/hooks.ts";
export type { SseHeaders, SseHeadersContext } from "./lib/request/headers.ts";
export type { SseEvent, SseEvents, SseEventsOptions } from "./lib/stream/event-stream.ts";
export type { SseFetch, SseFetchRequest, SseFetchResponse } from "./lib/transport/fetch.ts";
export {
  SseClosedError,
  SseConnectError,
  SseEventTooLargeError,
  SseIdleError,
  SseRequestError,
  SseResponseError,
  SseStatusError,
} from "./lib/errors.ts";
