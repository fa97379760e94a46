// A server of raw frames on loopback: it greets, hears one message, and drops the connection; the next one serves as well.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Supervisor } from "@sup/core";
import { WebSocketActor } from "@sup/ws";

const heard: string[] = [];

const server = createServer()
  .on("upgrade", (request, socket) => {
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    const head = ["101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write(`HTTP/1.1 ${head.join("\r\n")}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    // RFC 6455, section 5.2: a whole text message of five bytes.
    socket.write("\x81\x05hello", "latin1");
    socket.once("data", (frame: Buffer) => {
      heard.push(unmasked(frame));
      socket.destroy();
    });
  })
  .listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

/** The text of a short frame of a client. */
function unmasked(frame: Buffer): string {
  const length = frame.readUInt8(1) & 0x7f;
  const mask = frame.subarray(2, 6);
  const text = frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask.readUInt8(index % 4));
  return Buffer.from(text).toString();
}

const feed = new WebSocketActor("feed", `ws://127.0.0.1:${port}`);
const messages = feed.messages();
const root = new Supervisor("root", { actors: [feed], policy: "permanent", restartDelay: 10 });
root.start();

for (const round of ["one", "two"]) {
  const { value } = await messages.next();
  assert.equal(value?.data, "hello");
  await feed.send(round);
}
const { value } = await messages.next();
assert.equal(value?.data, "hello");
assert.deepEqual(heard, ["one", "two"]);

await root.stop();
server.close();
