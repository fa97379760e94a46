// A device of one holding register on loopback: it is written and read, and refuses another.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Supervisor } from "@sup/core";
import { ModbusActor, ModbusExceptionError } from "@sup/modbus";

let register = 0;

/** Functions 3 and 6 of the register at address 0; exception 2, illegal data address, for all others. */
function answer(pdu: Buffer): Buffer {
  const code = pdu.readUInt8(0);
  if (pdu.readUInt16BE(1) !== 0) return Buffer.of(code | 0x80, 2);
  if (code === 3) return Buffer.of(3, 2, register >> 8, register & 0xff);
  register = pdu.readUInt16BE(3);
  return pdu;
}

const server = createServer((socket) => {
  socket.on("data", (request) => {
    const reply = answer(request.subarray(7));
    const header = Buffer.from(request.subarray(0, 7));
    header.writeUInt16BE(reply.length + 1, 4);
    socket.write(Buffer.concat([header, reply]));
  });
}).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

const device = new ModbusActor("device", { transport: "tcp", host: "127.0.0.1", port });
const root = new Supervisor("root", { actors: [device], policy: "permanent" });
root.start();

await device.writeRegister(0, 4_711);
assert.deepEqual(await device.readHoldingRegisters(0, 1), [4_711]);
await assert.rejects(device.readHoldingRegisters(1, 1), ModbusExceptionError);

await root.stop();
server.close();
