import { describe, expect, it } from "vitest";
import { eventStream, type StreamEvent } from "../../../src/page/link/event-stream.ts";

const text =
  ': hello\n\nretry: 1000\n\nid: e:1\nevent: change\ndata: {"now":1,"why":"höher 🚰"}\n\n:\n\nevent: resync\ndata: {}\n\n';

async function read(
  pieces: readonly Uint8Array[],
): Promise<{ events: StreamEvent[]; heard: number }> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  let heard = 0;
  for await (const event of eventStream(body, () => heard++)) events.push(event);
  return { events, heard };
}

const expected = [
  { type: "change", id: "e:1", data: '{"now":1,"why":"höher 🚰"}' },
  { type: "resync", id: "e:1", data: "{}" },
];

describe("eventStream", () => {
  it("reads events at whatever place the stream is split", async () => {
    const bytes = new TextEncoder().encode(text);
    for (let split = 0; split <= bytes.length; split++) {
      const { events } = await read([bytes.slice(0, split), bytes.slice(split)]);
      expect(events).toEqual(expected);
    }
  });

  it("reads lines that end as on Windows", async () => {
    const { events } = await read([new TextEncoder().encode(text.replaceAll("\n", "\r\n"))]);
    expect(events).toEqual(expected);
  });

  it("tells of a comment that it heard something", async () => {
    const { events, heard } = await read([new TextEncoder().encode(":\n\n")]);
    expect([events, heard]).toEqual([[], 1]);
  });
});
