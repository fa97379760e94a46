export { actor, type ActorOptions, type ActorRef, type Setup } from "./lib/actor/actor.ts";
export type { Actor, ActorContext } from "./lib/actor/context.ts";
export { type Task, task } from "./lib/actor/task.ts";

export { Mailbox, type MailboxOptions, type MailboxStatus } from "./lib/mailbox/mailbox.ts";
export type { MessageIterator } from "./lib/mailbox/inbox.ts";
export type {
  CallOptions,
  CastOptions,
  Handler,
  HandlerContext,
  Handlers,
  Message,
  MessageOf,
  MessageType,
  Payload,
  Reply,
  SendOptions,
  SendParameters,
} from "./lib/mailbox/message.ts";
export type { ReceiveOptions } from "./lib/mailbox/receiver.ts";
export type { ServeOptions } from "./lib/mailbox/server.ts";

export type { Backoff, BackoffOptions } from "./lib/supervisor/backoff.ts";
export type { Child, ChildStatus } from "./lib/supervisor/child.ts";
export type {
  ChildOptions,
  ResolvedChildOptions,
  RestartPolicy,
} from "./lib/supervisor/child-options.ts";
export { childOf } from "./lib/supervisor/claim.ts";
export type { RestartBudget, RestartLimit } from "./lib/supervisor/restart-limit.ts";
export type { Snapshot } from "./lib/supervisor/snapshot.ts";
export {
  type AutoShutdown,
  type ChildSpec,
  type StartOptions,
  type Strategy,
  Supervisor,
  type SupervisorOptions,
} from "./lib/supervisor/supervisor.ts";

export type { LogFunction, Logger } from "./lib/observer/logger.ts";
export type { AnyMessage, SupervisorObserver } from "./lib/observer/observer.ts";

export { main, type MainOptions } from "./lib/main.ts";

export {
  ActorCrashedError,
  ActorStoppedError,
  MailboxClosedError,
  MailboxFullError,
  RestartLimitError,
} from "./lib/errors.ts";
