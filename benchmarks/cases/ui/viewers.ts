import { fork } from "node:child_process";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";

/** Pages that look at a dashboard, in a process of their own. */
export interface Viewers {
  /** Changes that the last of them was told so far. */
  readonly changes: () => Promise<number>;
  stop(): void;
}

/** `stalled` ones read no more once they were told to take a snapshot. */
export async function openViewers(url: string, count: number, stalled = false): Promise<Viewers> {
  const child = fork(import.meta.filename, [url, String(count), stalled ? "stalled" : ""]);
  await once(child, "message");
  return {
    changes: async () => {
      child.send("");
      const [changes] = (await once(child, "message")) as [number];
      return changes;
    },
    stop: () => void child.kill(),
  };
}

async function look(url: string, count: number, stalled: boolean): Promise<void> {
  let changes = 0;
  for (let index = 0; index < count; index += 1) {
    const [response] = (await once(get(`${url}api/v1/stream`, { agent: false }), "response")) as [
      IncomingMessage,
    ];
    await once(response, "data");
    if (stalled) response.pause();
    else if (index < count - 1) response.resume();
    else response.on("data", (bytes: Buffer) => (changes += countOf(bytes)));
  }
  process.send?.(0);
  process.on("message", () => process.send?.(changes));
  process.on("disconnect", () => process.exit());
}

/** A frame ends with two line feeds; what it holds is JSON, which has none. */
function countOf(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf("\n\n"); at >= 0; at = bytes.indexOf("\n\n", at + 2)) count += 1;
  return count;
}

const [, script, url, count, mode] = process.argv;
if (script === import.meta.filename) await look(url!, Number(count), mode === "stalled");
