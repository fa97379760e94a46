import type { SseEvent } from "../../src/index.ts";

/** What a stream says, in order. */
export type Said =
  | { readonly event: SseEvent }
  | { readonly lastEventId: string }
  | { readonly retry: number };

/** The algorithm of WHATWG HTML, section 9.2.6, sentence by sentence, over a stream that is there as a whole. */
export function interpret(stream: Uint8Array, lastEventId = ""): Said[] {
  const said: Said[] = [];
  let data = "";
  let type = "";
  let id = lastEventId;
  let hasId = false;
  const lines = new TextDecoder().decode(stream).split(/\r\n|\n|\r/);
  for (const line of lines.slice(0, -1)) {
    if (line === "") {
      if (hasId) said.push({ lastEventId: id });
      hasId = false;
      if (data !== "")
        said.push({ event: { id, name: type || "message", data: data.slice(0, -1) } });
      data = type = "";
      continue;
    }
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const rest = colon === -1 ? "" : line.slice(colon + 1);
    const value = rest.startsWith(" ") ? rest.slice(1) : rest;
    if (field === "data") data += `${value}\n`;
    else if (field === "event") type = value;
    else if (field === "id" && !value.includes("\0")) {
      id = value;
      hasId = true;
    } else if (field === "retry" && /^[0-9]+$/.test(value)) said.push({ retry: Number(value) });
  }
  return said;
}
