import type { BenchGroup } from "../lib/bench-case.ts";
import { eventsByActor, eventsByLibrary } from "./sse/events.ts";

const operation = "an event of 100 bytes with id, name and data read over HTTP, and looked at";

const operations = 100_000;

export const group: BenchGroup = {
  title:
    "Server-Sent Events over loopback: `SseActor` and bare eventsource-parser over `node:http`, from a server in a process of its own",
  rounds: 7,
  cases: [
    { name: "eventsource-parser", operation, operations, open: eventsByLibrary },
    {
      name: "SseActor",
      operation,
      operations,
      // At least 0.9 of the events per second is asked for.
      baseline: { name: "eventsource-parser", atMost: 1 / 0.9 },
      open: eventsByActor,
    },
  ],
};
