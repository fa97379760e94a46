import type { BenchCase, BenchGroup, TimeCase } from "../lib/bench-case.ts";
import { actorLink, bareLink, type OpenLink } from "./ws/links.ts";
import { echoes, receipts, sends } from "./ws/traffic.ts";

/** The same by ws alone and by the actor: the same messages per second would be 1, at least 0.95 of them is asked for. */
function pair(
  name: string,
  rest: Pick<TimeCase, "operation" | "operations" | "clock">,
  open: (link: OpenLink) => ReturnType<TimeCase["open"]>,
): BenchCase[] {
  const bare = `${name}, ws`;
  return [
    { ...rest, name: bare, open: () => open(bareLink) },
    {
      ...rest,
      name: `${name}, WebSocketActor`,
      baseline: { name: bare, atMost: 1 / 0.95 },
      open: () => open(actorLink),
    },
  ];
}

export const group: BenchGroup = {
  title:
    "WebSocket over loopback: `WebSocketActor` and the bare ws below it, 100 characters a message, against ws in a process of its own",
  rounds: 7,
  cases: [
    ...pair(
      "echo",
      {
        operation: "a message sent and its echo received, one after the other",
        operations: 10_000,
        clock: "wall",
      },
      echoes,
    ),
    ...pair(
      "send",
      {
        operation: "a message handed to the system, one after the other, and summed by the peer",
        operations: 30_000,
      },
      (link) => sends(link, 1),
    ),
    ...pair(
      "send 64",
      {
        operation: "a message handed to the system, 64 at a time, and summed by the peer",
        operations: 64_000,
      },
      (link) => sends(link, 64),
    ),
    ...pair(
      "receive",
      { operation: "a message that came, and its number checked", operations: 100_000 },
      receipts,
    ),
  ],
};
