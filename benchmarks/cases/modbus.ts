import type { BenchGroup } from "../lib/bench-case.ts";
import {
  requestsByActor,
  requestsByHand,
  requestsByLibrary,
  requestsOverLine,
} from "./modbus/requests.ts";

const operation = "10 holding registers read and their sum checked, one request after the other";

/** So many that the compiler is done before the measuring: with fewer it is part of the figures, more so the actor's. */
const operations = 20_000;

export const group: BenchGroup = {
  title:
    "Modbus TCP over loopback: `ModbusActor` and the bare library below it; Modbus RTU over a pseudo-terminal with 5 ms of quiet time: `ModbusActor` and the rate that the line allows; each against a responder in a process of its own",
  rounds: 7,
  cases: [
    { name: "modbus-serial", operation, operations, clock: "wall", open: requestsByLibrary },
    {
      name: "ModbusActor",
      operation,
      operations,
      clock: "wall",
      // The same requests per second would be 1; at least 0.95 of them is asked for.
      baseline: { name: "modbus-serial", atMost: 1 / 0.95 },
      open: requestsByActor,
    },
    { name: "RTU line", operation, operations: 100, clock: "wall", open: requestsByHand },
    {
      name: "ModbusActor over RTU",
      operation,
      operations: 100,
      clock: "wall",
      baseline: { name: "RTU line", atMost: 1 / 0.95 },
      open: requestsOverLine,
    },
  ],
};
