import { setImmediate, setTimeout } from "node:timers/promises";
import { Supervisor } from "@sup/core";
import { ModbusActor } from "@sup/modbus";
import modbusSerial from "modbus-serial";
import type { Workload } from "../../lib/bench-case.ts";
import { openEnd, startLine } from "./line.ts";
import { rtuRequest } from "./rtu-answer.ts";
import { startResponder } from "./responder.ts";

/** By the library alone, with a timeout as every use of it needs one. */
export async function requestsByLibrary(): Promise<Workload> {
  const responder = await startResponder();
  const client = new modbusSerial.default();
  client.setID(1);
  client.setTimeout(1_000);
  await client.connectTCP("127.0.0.1", { port: responder.port });
  return {
    sample: (operations) =>
      readOneByOne(
        operations,
        async (address) => (await client.readHoldingRegisters(address, 10)).data,
      ),
    close() {
      client.close(() => {});
      responder.stop();
    },
  };
}

/** By the actor, under a supervisor. */
export async function requestsByActor(): Promise<Workload> {
  const responder = await startResponder();
  const plc = new ModbusActor("plc", {
    transport: "tcp",
    host: "127.0.0.1",
    port: responder.port,
    timeout: 1_000,
  });
  const root = new Supervisor("root", { actors: [plc] });
  root.start();
  return {
    sample: (operations) =>
      readOneByOne(operations, (address) => plc.readHoldingRegisters(address, 10)),
    async close() {
      await root.stop();
      responder.stop();
    },
  };
}

/** Milliseconds of silence before each request on the line. */
const quietTime = 5;

/** What the line allows: the next request goes out when the quiet time after the answer is over, to the microsecond. */
export async function requestsByHand(): Promise<Workload> {
  const line = await startLine();
  const end = openEnd(line.path);
  let quietAt = 0;
  const read = async (address: number): Promise<number[]> => {
    await passed(quietAt);
    const answer = answerOf(end.input);
    end.output.write(rtuRequest(address));
    const bytes = await answer;
    quietAt = performance.now() + quietTime;
    return Array.from({ length: 10 }, (_, index) => bytes.readUInt16BE(3 + index * 2));
  };
  return {
    sample: (operations) => readOneByOne(operations, read),
    close() {
      end.close();
      line.stop();
    },
  };
}

/** Not a moment before `due`, and hardly one after it: timers count in whole milliseconds. */
async function passed(due: number): Promise<void> {
  for (let left = due - performance.now(); left > 0; left = due - performance.now())
    await (left >= 1 ? setTimeout(Math.floor(left)) : setImmediate());
}

/** By the actor, on a line of that quiet time. */
export async function requestsOverLine(): Promise<Workload> {
  const line = await startLine();
  const meter = new ModbusActor("meter", {
    transport: "rtu",
    path: line.path,
    baudRate: 115_200,
    quietTime,
  });
  const root = new Supervisor("root", { actors: [meter] });
  root.start();
  return {
    sample: (operations) =>
      readOneByOne(operations, (address) => meter.readHoldingRegisters(address, 10)),
    async close() {
      await root.stop();
      line.stop();
    },
  };
}

/** The 25 bytes of an answer, in as many pieces as they come. */
function answerOf(input: NodeJS.ReadableStream): Promise<Buffer> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    const listen = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 25) return;
      input.off("data", listen);
      resolve(bytes);
    };
    input.on("data", listen);
  });
}

/** The responder's registers hold their own addresses. */
async function readOneByOne(
  operations: number,
  read: (address: number) => Promise<readonly number[]>,
): Promise<void> {
  for (let index = 0; index < operations; index += 1) {
    const address = index % 1_000;
    const registers = await read(address);
    let sum = 0;
    for (const register of registers) sum += register;
    if (registers.length !== 10 || sum !== address * 10 + 45) {
      throw new Error(
        `Cannot accept the result: registers from ${address} on are ${registers.join()}`,
      );
    }
  }
}
