export { Hub, leastLoaded, random, roundRobin } from "./lib/hub.ts";
export type { Ejection } from "./lib/ejection.ts";
export type {
  EjectOptions,
  HubOptions,
  LeastLoadedOptions,
  RoutingOptions,
  RoutingStrategy,
} from "./lib/options.ts";
export type { StickyKey } from "./lib/rendezvous.ts";
export type { RetryContext, RetryDelay, RetryOptions } from "./lib/retry.ts";
export { RetryError } from "./lib/errors.ts";
