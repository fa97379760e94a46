export { Computed, computed, type ComputedOptions, type Dependencies } from "./lib/computed.ts";
export { Debounce, debounce, type DebounceOptions } from "./lib/debounce.ts";
export { Link, link, type LinkOptions } from "./lib/link.ts";
export {
  Signal,
  signal,
  type SignalOptions,
  type SignalParameters,
  type Update,
} from "./lib/signal.ts";
export { Throttle, throttle, type ThrottleOptions } from "./lib/throttle.ts";
export type { Effect, Writing } from "./lib/service.ts";
export { Trigger, trigger, type TriggerOptions, type TriggerParameters } from "./lib/trigger.ts";
export { View, view, type ViewOptions } from "./lib/view.ts";

export type { EqualOptions, ProviderOptions, StaleOptions } from "./lib/options.ts";
export type {
  Dependency,
  Inspectable,
  Provider,
  Reader,
  Source,
  Status,
  SubscribeOptions,
  Subscriber,
  Watcher,
  WriteOptions,
  Writer,
} from "./lib/provider.ts";
export type { Subscription } from "./lib/subscription.ts";
export type { Value } from "./lib/value.ts";
