import { Supervisor } from "@sup/core";
import { onTestFinished } from "vitest";
import { loggerTo } from "../../../scripts/test/logger-to.ts";
import { WebSocketActor, type WebSocketActorOptions } from "../src/index.ts";
import { type Behaviour, RawServer } from "./servers/raw-server.ts";

/** A server that behaves so until the test is over. */
export async function server(behaviour: Behaviour = {}): Promise<RawServer> {
  const started = await RawServer.start(behaviour);
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

/** What a test sees of an actor under a supervisor. */
export interface Scene {
  readonly feed: WebSocketActor;
  readonly root: Supervisor;
  /** Every crash. */
  readonly crashes: Error[];
  /** What came, and what happened to the connection, in their order. */
  readonly events: string[];
  readonly logged: { level: string; bindings: Record<string, unknown>; message: string }[];
  /** Resolves when `condition` holds. */
  readonly until: (condition: () => boolean) => Promise<void>;
  /** The `count`th crash. */
  readonly crash: (count?: number) => Promise<Error & Record<string, unknown>>;
}

/** A `WebSocketActor` under a supervisor that restarts it, until the test is over. */
export function supervised(
  url: string,
  options: WebSocketActorOptions = {},
  rules: { restartDelay?: number; policy?: "permanent" | "transient" | "temporary" } = {},
): Scene {
  const crashes: Error[] = [];
  const events: string[] = [];
  const logged: Scene["logged"] = [];
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of waiting) look();
  };
  const tell = (event: string) => {
    events.push(event);
    changed();
  };
  const feed = new WebSocketActor("feed", url, {
    ...options,
    onConnect: (at) => {
      const result = options.onConnect?.(at);
      tell("connect");
      return result;
    },
    onMessage: (message) => {
      const { data } = message;
      tell(`message ${typeof data === "string" ? data : `0x${data.toString("hex")}`}`);
      return options.onMessage?.(message);
    },
    onClose: (close) => {
      tell(`close ${close.code} ${close.reason}`.trim());
      return options.onClose?.(close);
    },
    onError: (error) => {
      tell(`error ${(error as Error & { code: string }).code}`);
      return options.onError?.(error);
    },
  });
  const root = new Supervisor("root", {
    actors: [feed],
    policy: rules.policy ?? "permanent",
    restartDelay: rules.restartDelay ?? 5,
    onError: (_, error) => {
      crashes.push(error);
      changed();
    },
    logger: loggerTo((level, bindings, message) => void logged.push({ level, bindings, message })),
  });
  root.start();
  onTestFinished(() => root.stop());
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!condition()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const crash = async (count = 1) => {
    await until(() => crashes.length >= count);
    return crashes[count - 1] as Error & Record<string, unknown>;
  };
  return { feed, root, crashes, events, logged, until, crash };
}

/** The error that a promise rejects with. */
export function failure(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  return promise.then(
    (value) => {
      throw new Error(`Cannot fail: it resolved to ${String(value)}`);
    },
    (error) => error,
  );
}

/**
 * Resolves to what `promise` does, or to "late" when that takes that many milliseconds. They are counted in turns of the event
 * loop, as a busy machine may hold up this process, with the server in it.
 */
export async function within<Value>(
  milliseconds: number,
  promise: Promise<Value>,
): Promise<Value | "late"> {
  let isSettled = false;
  const settle = () => void (isSettled = true);
  promise.then(settle, settle);
  for (let turn = 0; turn < milliseconds && !isSettled; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return isSettled ? promise : "late";
}

/** Gives the event loop that many turns. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
