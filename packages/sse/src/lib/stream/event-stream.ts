import type { FeedIterator, FeedReadOptions } from "@sup/core/adapter";
import { createParser, type EventSourceParser } from "eventsource-parser";
import { EventSize } from "./event-size.ts";

/** An event of a stream. */
export interface SseEvent {
  /** The last id that the stream has given, by this event or one before it; empty if none. */
  readonly id: string;
  /** What kind of event it is: `message` unless the stream says otherwise. */
  readonly name: string;
  /** Its `data` lines, joined by LF. */
  readonly data: string;
}

/** Options of `SseActor.events`; an event past `buffer` pushes the oldest one out. */
export type SseEventsOptions = FeedReadOptions;

/** The events of an actor from the creation of the iterator on, over its lives. */
export type SseEvents = FeedIterator<SseEvent>;

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
  // Left to the decoder of Node, a second BOM goes as well when the first one came alone.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #parser: EventSourceParser;
  readonly #size: EventSize;
  #isAtStart = true;

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
    // The parser takes the characters U+00EF U+00BB U+00BF for a BOM as well, unless it has seen a line.
    this.#parser.feed("\n");
  }

  /** @returns false when an event is larger than allowed: the events before it have been told, and it can take no more. */
  push(chunk: Uint8Array): boolean {
    const admitted = this.#size.admit(chunk);
    const bytes = admitted === chunk.length ? chunk : chunk.subarray(0, admitted);
    const text = this.#decoder.decode(bytes, { stream: true });
    this.#parser.feed(this.#isAtStart ? this.#withoutBom(text) : text);
    return admitted === chunk.length;
  }

  #withoutBom(text: string): string {
    this.#isAtStart = text === "";
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  }
}
