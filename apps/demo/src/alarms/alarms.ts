import { throttle, trigger } from "@sup/bus";
import { task } from "@sup/core";
import { SseActor, type SseEvent } from "@sup/sse";
import { createAlarmServer } from "../devices/alarm-server.ts";
import type { Place } from "../launch/settings.ts";

/** Milliseconds between two alarms that are shown to people. */
const calm = 2_000;
/** Characters of one. */
const longest = 100;

/** From the stream of alarms to the terminal: all of them are there for programs, and not too many for people. */
export function createAlarms({ url, ownPort }: Place) {
  const alarm = trigger("alarm", (_: SseEvent) => {});
  const shown = throttle("ui-alarm", alarm, calm);
  const crier = task("crier", async ({ signal, logger, ready }) => {
    const alarms = shown.subscribe({ signal });
    ready();
    for await (const event of alarms) {
      if (event !== undefined) logger.warn({}, `${event.name}: ${event.data.slice(0, longest)}`);
    }
  });

  const server = ownPort === undefined ? undefined : createAlarmServer(ownPort);
  const stream = new SseActor("alarm-stream", url, {
    onEvent: (event) => void alarm.write(event),
    // A stream of somebody else may be silent for longer than ours, which gives a sign of life every second.
    idleTimeout: ownPort === undefined ? 60_000 : 3_000,
    connectTimeout: 3_000,
  });
  return { alarm, shown, crier, server, stream };
}
