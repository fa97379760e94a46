import { Connection } from "./link/connection.ts";
import type { LinkMessage, TabMessage } from "./link/messages.ts";

/**
 * Serves all tabs of a browser with one stream: it takes a connection of the six that a browser opens to one server, and
 * with one per tab the seventh tab would not even load. Where there are no shared workers it is the worker of one tab.
 */
declare const self: Port & {
  onconnect: ((event: MessageEvent) => void) | null;
  readonly location: Location;
};

type Port = Pick<MessagePort, "postMessage" | "onmessage">;

/** How many changes a tab may leave lying: a browser freezes those that nobody looks at. */
const mostPending = 100;

/** Those that have their snapshot, with how many changes they have not taken; and those that wait for it, with what changed. */
const served = new Map<Port, number>();
const waiting = new Map<Port, LinkMessage[]>();

const connection = new Connection({ base: new URL(".", self.location.href).href, tell });

self.onconnect = ({ ports: [port] }) => attend(port!);
attend(self);

function attend(port: Port): void {
  port.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if (data === "hello") join(port);
    else if (data === "got") got(port);
    else if (data === "retry") connection.retry();
    else leave(port);
  };
}

function tell(message: LinkMessage): void {
  for (const port of served.keys()) pass(message, port);
  if (message.type === "snapshot") serve(message);
  else if (message.type === "change") for (const missed of waiting.values()) missed.push(message);
  else {
    for (const port of waiting.keys()) port.postMessage(message);
    void welcome();
  }
}

function pass(message: LinkMessage, port: Port): void {
  const pending = served.get(port)!;
  if (message.type !== "change") port.postMessage(message);
  else if (pending < mostPending) {
    served.set(port, pending + 1);
    port.postMessage(message);
  } else {
    port.postMessage({ type: "behind" } satisfies LinkMessage);
    leave(port);
  }
}

function got(port: Port): void {
  const pending = served.get(port);
  if (pending !== undefined) served.set(port, Math.max(0, pending - 1));
}

function join(port: Port): void {
  waiting.set(port, []);
  port.postMessage({ type: "state", state: connection.state });
  connection.open();
  void welcome();
}

/** Takes a snapshot for those who came while the stream was there already. */
async function welcome(): Promise<void> {
  if (connection.state.state !== "live" || waiting.size === 0) return;
  try {
    const { text } = await connection.snapshot();
    serve({ type: "snapshot", text });
  } catch {
    setTimeout(() => void welcome(), 1_000);
  }
}

/** What of the missed changes is in the snapshot already, each tab knows by their ids. */
function serve(snapshot: LinkMessage): void {
  for (const [port, missed] of waiting) {
    served.set(port, 0);
    for (const message of [snapshot, ...missed]) port.postMessage(message);
  }
  waiting.clear();
}

function leave(port: Port): void {
  served.delete(port);
  waiting.delete(port);
  if (served.size + waiting.size === 0) connection.close();
}
