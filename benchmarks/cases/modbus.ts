import type { BenchGroup } from "../lib/bench-case.ts";
import { requestsByActor, requestsByLibrary } from "./modbus/requests.ts";

const operation = "10 holding registers read and their sum checked, one request after the other";

export const group: BenchGroup = {
  title:
    "Modbus TCP over loopback: `ModbusActor` and the bare library below it, against a responder in a process of its own",
  rounds: 9,
  cases: [
    { name: "modbus-serial", operation, operations: 5_000, clock: "wall", open: requestsByLibrary },
    {
      name: "ModbusActor",
      operation,
      operations: 5_000,
      clock: "wall",
      // The same requests per second would be 1; at least 0.95 of them is asked for.
      baseline: { name: "modbus-serial", atMost: 1 / 0.95 },
      open: requestsByActor,
    },
  ],
};
