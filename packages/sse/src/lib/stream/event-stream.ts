import { createParser, type EventSourceParser } from "eventsource-parser";
import { EventSize } from "./event-size.ts";

/** An event of a stream. */
export interface SseEvent {
  /** The last id that the stream has given, by this event or one before it; empty if none. */
  readonly id: string;
  /** What kind of event it is: `message` unless the stream says otherwise. */
  readonly name: string;
  readonly data: string;
}

/** What a stream says. */
export interface StreamEvents {
  onEvent(event: SseEvent): void;
  /** The last event id changed, before the event that brought it. */
  onId(id: string): void;
  /** The stream asks for that reconnection time, in milliseconds of any size. */
  onRetry(milliseconds: number): void;
}

/** Reads an event stream as WHATWG HTML, section 9.2.6, says, from bytes in chunks of any size. */
export class EventStream {
  readonly #decoder = new TextDecoder();
  readonly #parser: EventSourceParser;
  readonly #size: EventSize;

  /** @param lastEventId What events have as `id` until the stream gives another one. */
  constructor(lastEventId: string, maxEventSize: number, events: StreamEvents) {
    let lastId = lastEventId;
    this.#size = new EventSize(maxEventSize);
    this.#parser = createParser({
      onId: (id) => {
        lastId = id;
        events.onId(id);
      },
      onEvent: ({ event = "message", data }) => events.onEvent({ id: lastId, name: event, data }),
      onRetry: (milliseconds) => events.onRetry(milliseconds),
    });
    // The decoder takes the one BOM that is none of the stream. The parser would take the characters U+00EF U+00BB U+00BF
    // for another one, unless it has seen a line.
    this.#parser.feed("\n");
  }

  /** @returns false when an event is larger than allowed: the events before it have been told, and it can take no more. */
  push(chunk: Uint8Array): boolean {
    const admitted = this.#size.admit(chunk);
    const bytes = admitted === chunk.length ? chunk : chunk.subarray(0, admitted);
    this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
    return admitted === chunk.length;
  }
}
