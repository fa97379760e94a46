export interface StreamEvent {
  readonly type: string;
  readonly id: string;
  readonly data: string;
}

/**
 * Reads a Server-Sent Events stream. Not an `EventSource`, which hides comments, by which a quiet stream shows that it
 * lives, and the status of a refusal.
 *
 * @param heard - Called with each piece that arrives, whatever is in it.
 */
export async function* eventStream(
  body: ReadableStream<Uint8Array>,
  heard: () => void,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let id = "";
  // Many pieces of one large line are joined once.
  let pieces: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    const piece = decoder.decode(value, { stream: true });
    pieces.push(piece);
    if (!piece.includes("\n")) continue;
    const blocks = pieces.join("").split(/\r?\n\r?\n/);
    pieces = [blocks.pop()!];
    for (const block of blocks) {
      const event = parse(block, id);
      id = event.id;
      if (event.data !== "" || event.type !== "message") yield event;
    }
  }
}

function parse(block: string, lastId: string): StreamEvent {
  let [type, id] = ["message", lastId];
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "event") type = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
  }
  return { type, id, data: data.join("\n") };
}
