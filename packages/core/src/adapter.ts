export { Check } from "./lib/adapter/check.ts";
export { Deadline, withinDeadline } from "./lib/adapter/deadline.ts";
export { explainTimeout, type Wait } from "./lib/adapter/explain-timeout.ts";
export { Feed, type FeedIterator, type FeedReadOptions } from "./lib/adapter/feed.ts";
export { callHook } from "./lib/adapter/hook.ts";
export { unlessAborted } from "./lib/adapter/unless-aborted.ts";
