import { fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A Modbus TCP device that does the least it can, in a process of its own. */
export interface Responder {
  readonly port: number;
  stop(): void;
}

export async function startResponder(): Promise<Responder> {
  const child = fork(import.meta.filename);
  const [port] = (await once(child, "message")) as [number];
  return { port, stop: () => void child.kill() };
}

/**
 * Answers reads of 10 registers with their own addresses. It takes each chunk for one request, as a client that waits for
 * each answer sends one at a time.
 */
function respond(): void {
  const answer = Buffer.alloc(29);
  answer.writeUInt16BE(23, 4);
  answer.writeUInt8(3, 7);
  answer.writeUInt8(20, 8);
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (request: Buffer) => {
      request.copy(answer, 0, 0, 2);
      request.copy(answer, 6, 6, 7);
      const address = request.readUInt16BE(8);
      for (let index = 0; index < 10; index += 1)
        answer.writeUInt16BE(address + index, 9 + index * 2);
      socket.write(Buffer.from(answer));
    });
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("disconnect", () => process.exit());
}

if (process.argv[1] === import.meta.filename) respond();
