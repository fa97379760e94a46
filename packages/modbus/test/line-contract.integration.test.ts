import { adapterContract } from "@sup/core/testing";
import { readdirSync, readlinkSync } from "node:fs";
import { describe, it } from "vitest";
import { ModbusActor, type ModbusSerialOptions } from "../src/index.ts";
import { ScriptedLine } from "./servers/scripted-line.ts";

/** Pseudo-terminals that this process has open. */
function openLines(): number {
  return readdirSync("/proc/self/fd").filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith("/dev/pts/");
    } catch {
      return false;
    }
  }).length;
}

const create = (options: Partial<ModbusSerialOptions>) =>
  new ModbusActor("line", {
    transport: "rtu",
    path: "/dev/ttyS0",
    baudRate: 115_200,
    parity: "none",
    timeout: 10_000,
    ...options,
  });

const invalid: Record<string, Record<string, unknown>> = {
  "no path": { path: undefined },
  "an empty path": { path: "" },
  "a baud rate of 0": { baudRate: 0 },
  "a baud rate as text": { baudRate: "9600" },
  "7 data bits, which RTU cannot have": { dataBits: 7 },
  "9 data bits": { dataBits: 9 },
  "half a stop bit": { stopBits: 0.5 },
  "a parity that does not exist": { parity: "strange" },
  "a negative quiet time": { quietTime: -1 },
  "a quiet time of minutes": { quietTime: 60_000 },
  "a turnaround that is no number": { turnaround: Number.NaN },
  "RS485 without a delay": { rs485: {} },
  "RS485 as a flag": { rs485: true },
  "a host, which a serial port has not": { host: "10.0.0.5" },
  "a port of TCP": { port: 502 },
  "unit 255, which a line has not": { unitId: 255 },
  "a batch that is no flag": { batch: "yes" },
};

const contract = adapterContract<ModbusActor, ScriptedLine>({
  start: () => ScriptedLine.start(echo),
  create: ({ path }, hook) =>
    create({
      path,
      ...(hook && { onConnect: hook, onRequest: hook, onResponse: hook, onError: hook }),
    }),
  disconnect: async (line) => {
    await line.unplug();
    await line.plugIn();
  },
  refuse: (line) => line.unplug(),
  accept: (line) => line.plugIn(),
  resources: () => ({
    lines: openLines(),
    timers: process.getActiveResourcesInfo().filter((type) => type === "Timeout").length,
  }),
  requests: {
    send: (line, id, options) => line.writeRegister(id, id, options),
    received: ({ requests }) => requests.map((request) => Number.parseInt(request.slice(4, 8), 16)),
    hold: (line) => void (line.script = () => {}),
  },
  invalid: Object.fromEntries(
    Object.entries(invalid).map(([what, options]) => [what, () => create(options)]),
  ),
});

/** The answer to a single write. */
function echo({ message, answer }: { message: Buffer; answer: (message: string) => void }): void {
  answer(message.toString("hex"));
}

describe("ModbusActor on a serial line, as every adapter", () => {
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract has titles and checks of its own
  for (const { name, run } of contract) it(name, run, 120_000);
});
