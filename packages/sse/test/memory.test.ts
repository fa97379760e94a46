import { describe, expect, it } from "vitest";
import type { StreamScript } from "./servers/event-server.ts";
import { server, supervised } from "./supervised.ts";

/** A stream of as many events as the reader can take. */
const flood: StreamScript = ({ stream, response, socket }) => {
  let count = 0;
  stream();
  const send = () => {
    while (!socket.destroyed) {
      let text = "";
      for (let one = 0; one < 500; one++) text += `id: ${++count}\ndata: event ${count}\n\n`;
      if (!response.write(text)) break;
    }
    if (!socket.destroyed) response.once("drain", send);
  };
  send();
};

function heap(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("Cannot measure memory: Node runs without --expose-gc");
  gc();
  gc();
  return process.memoryUsage().heapUsed;
}

describe("SseActor's memory", () => {
  it("stays flat over 400,000 events, with a reader that sleeps", async () => {
    const one = await server(flood);
    let count = 0;
    const sizes: number[] = [];
    const { stream, root } = supervised(one.url, {
      onEvent: ({ id }) => {
        count++;
        if (Number(id) !== count) throw new Error(`Event ${id} came as number ${count}`);
        if (count % 100_000 === 0) sizes.push(heap());
        if (count === 400_000) void root.stop();
      },
    });
    const sleeper = stream.events();
    await root.wait();
    expect([count, stream.lastEventId, sleeper.dropped]).toEqual([
      400_000,
      "400000",
      400_000 - 256,
    ]);
    expect(sizes).toHaveLength(4);
    expect(sizes[3]! - sizes[0]!).toBeLessThan(2 << 20);
  }, 240_000);
});
