import { type RestartPolicy, Supervisor } from "@sup/core";
import { Recorder } from "@sup/core/testing";
import { onTestFinished } from "vitest";
import { loggerTo } from "../../../scripts/test/logger-to.ts";
import {
  SseActor,
  type SseActorOptions,
  type SseConnectionInfo,
  type SseEvent,
} from "../src/index.ts";
import { EventServer, type StreamScript } from "./servers/event-server.ts";

/** A server that follows `script` until the test is over. */
export async function server(script: StreamScript): Promise<EventServer> {
  const started = await EventServer.start(script);
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

interface Supervision extends SseActorOptions {
  readonly policy?: RestartPolicy;
  readonly restartDelay?: number;
}

/** An `SseActor` under a supervisor that restarts it at once, until the test is over. */
export function supervised(url: string | URL, options: Supervision = {}) {
  const { policy = "permanent", restartDelay = 0, ...own } = options;
  const events: SseEvent[] = [];
  const connections: SseConnectionInfo[] = [];
  const errors: Error[] = [];
  const crashes: Error[] = [];
  const logged: [level: string, bindings: Record<string, unknown>, message: string][] = [];
  const recorder = new Recorder();
  const changed = new Set<() => void>();
  const note = <Item>(list: Item[], item: Item): void => {
    list.push(item);
    for (const wake of changed) wake();
  };
  const stream = new SseActor("stream", url, {
    onEvent: (event) => note(events, event),
    onConnect: (connection) => note(connections, connection),
    onError: (error) => note(errors, error),
    ...own,
  });
  const root = new Supervisor("root", {
    actors: [stream],
    policy,
    restartDelay,
    observer: recorder,
    onError: (_, error) => note(crashes, error),
    logger: loggerTo((...told) => void logged.push(told)),
  });
  root.start();
  onTestFinished(() => root.stop());
  /** Resolves when `list` has that many items. */
  const has = async (list: readonly unknown[], count: number): Promise<void> => {
    while (list.length < count) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          changed.delete(wake);
          resolve();
        };
        changed.add(wake);
      });
    }
  };
  return { stream, root, recorder, events, connections, errors, crashes, logged, has };
}
