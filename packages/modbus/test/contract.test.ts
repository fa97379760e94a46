import { adapterContract } from "@sup/core/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { ModbusActor, type ModbusTcpOptions } from "../src/index.ts";
import { blackHole } from "../../../scripts/test/servers/black-hole.ts";
import { ScriptedDevice, wellBehaved } from "./servers/scripted-device.ts";

const connectTimeout = 100;

function create(options: Partial<ModbusTcpOptions>): ModbusActor {
  return new ModbusActor("plc", {
    transport: "tcp",
    host: "127.0.0.1",
    ...options,
  });
}

const invalid: Record<string, Record<string, unknown>> = {
  "no host": { host: undefined },
  "an empty host": { host: "" },
  "a host that is no string": { host: 127 },
  "a transport that does not exist": { transport: "carrier pigeon" },
  "no transport": { transport: undefined },
  "port 0": { port: 0 },
  "a port past the last": { port: 65_536 },
  "a port as text": { port: "502" },
  "a unit below 0": { unitId: -1 },
  "a unit that is reserved": { unitId: 248 },
  "a unit past the last": { unitId: 256 },
  "half a unit": { unitId: 1.5 },
  "a timeout of 0": { timeout: 0 },
  "a negative timeout": { timeout: -1 },
  "a timeout that no timer keeps": { timeout: 2_147_483_648 },
  "an endless timeout": { timeout: Infinity },
  "no number as connectTimeout": { connectTimeout: Number.NaN },
  "a negative capacity": { capacity: -1 },
  "half a capacity": { capacity: 0.5 },
  "a failAfter of 0": { failAfter: 0 },
  "a failAfter as text": { failAfter: "3" },
  "an onConnect that is no function": { onConnect: true },
  "an onRequest that is no function": { onRequest: {} },
  "an onResponse that is no function": { onResponse: null },
  "an onError that is no function": { onError: "log" },
};

/** How much of that the process waits for. */
function active(resource: string): number {
  return process.getActiveResourcesInfo().filter((type) => type === resource).length;
}

let hole: Disposable & { port: number };

const contract = adapterContract<ModbusActor, ScriptedDevice>({
  start: () => ScriptedDevice.start(wellBehaved),
  create: ({ port }, hook) =>
    create({
      port,
      ...(hook && { onConnect: hook, onRequest: hook, onResponse: hook, onError: hook }),
    }),
  createUnanswered: () => create({ port: hole.port, connectTimeout }),
  connectTimeout,
  disconnect: (device) => device.disconnect(),
  refuse: (device) => device[Symbol.asyncDispose](),
  accept: (device) => device.listen(),
  resources: (device) => ({
    "sockets of the device": device.sockets.size,
    sockets: active("TCPSocketWrap"),
    attempts: active("TCPConnectWrap"),
    timers: active("Timeout"),
  }),
  requests: {
    send: (plc, id, options) => plc.writeRegister(id, id, options),
    received: ({ requests }) => requests.map((request) => Number.parseInt(request.slice(4, 8), 16)),
    hold: (device) => void (device.script = () => {}),
  },
  invalid: {
    ...Object.fromEntries(
      Object.entries(invalid).map(([what, options]) => [what, () => create(options)]),
    ),
    "no name": () => new ModbusActor("", { transport: "tcp", host: "127.0.0.1" }),
    "a name that is no string": () =>
      new ModbusActor(7 as never, { transport: "tcp", host: "127.0.0.1" }),
    "no options": () => new ModbusActor("plc", undefined as never),
  },
});

describe("ModbusActor, as every adapter", () => {
  beforeAll(async () => {
    hole = await blackHole();
  });
  afterAll(() => hole[Symbol.dispose]());

  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract has titles and checks of its own
  for (const { name, run } of contract) it(name, run, 120_000);
});
