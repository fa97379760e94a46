import { Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAlarms } from "../../src/alarms/alarms.ts";
import { AlarmBook } from "../../src/devices/alarm-book.ts";
import { createAlarmServer } from "../../src/devices/alarm-server.ts";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";
import { recordingLogger } from "../recording-logger.ts";

const first = { id: "1", name: "alarm", data: "supply pump: pressure is low" };
const second = { id: "2", name: "all-clear", data: "supply pump: pressure is normal" };
const third = { id: "3", name: "alarm", data: "boiler room: door is open" };

describe("createAlarms", () => {
  it("has each alarm, and tells people", async () => {
    const { next, pass, lines } = await start();
    pass(15);
    expect(await next()).toEqual(first);
    await expect.poll(() => lines).toContain("warn alarm: supply pump: pressure is low");
  });

  it("gets what it missed while the stream was away", async () => {
    const { next, pass, server, failed, stream } = await start();
    pass(15);
    expect(await next()).toEqual(first);
    await server.cast("end");
    pass(30);
    await expect(failed).resolves.toMatchObject({ code: "SSE_CLOSED" });
    expect(await next()).toEqual(second);
    expect(await next()).toEqual(third);
    expect(stream.lastEventId).toBe("3");
  });
});

async function start() {
  const port = await freePort();
  let time = 0;
  const server = createAlarmServer(port, new AlarmBook(() => time));
  const url = `http://127.0.0.1:${port}/`;
  const { alarm, shown, crier, stream } = createAlarms({ url, ownPort: undefined });
  const lines: string[] = [];
  const failed = Promise.withResolvers<Error>();
  const ready = Promise.withResolvers<void>();
  const supervisor = new Supervisor("alarms", {
    actors: [alarm, shown, crier, server, stream],
    policy: "permanent",
    startup: "ordered",
    restartDelay: 20,
    onError: (_, error) => failed.resolve(error),
    observer: { onActorReady: (actor) => actor === stream && ready.resolve() },
    logger: recordingLogger(lines),
  });
  onTestFinished(() => supervisor.stop());
  const alarms = alarm.subscribe()[Symbol.asyncIterator]();
  supervisor.start();
  await ready.promise;
  return {
    server,
    stream,
    lines,
    failed: failed.promise,
    /** Lets so many seconds pass in the building. */
    pass: (seconds: number) => void (time += seconds * 1_000),
    /** The next alarm. */
    next: async () => (await alarms.next()).value,
  };
}
