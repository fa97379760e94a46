import { Supervisor } from "@sup/core";
import { ModbusActor } from "@sup/modbus";
import modbusSerial from "modbus-serial";
import type { Workload } from "../../lib/bench-case.ts";
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
