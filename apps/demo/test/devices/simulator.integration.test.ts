import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Supervisor } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSimulator } from "../../src/devices/simulator.ts";
import { Tank } from "../../src/devices/tank.ts";
import { freePort } from "../../../../scripts/test/servers/free-port.ts";

const client = fileURLToPath(new URL("modbus/pymodbus-client.py", import.meta.url));

describe("createSimulator", () => {
  it("is a Modbus TCP device to an independent client", async () => {
    const port = await runSimulator();
    const report = await runPymodbus(port);
    expect(report).toEqual({
      power: [0, 2_000, 0],
      temperature: expect.closeTo(540, -1),
      tooHot: false,
      coil: true,
      notes: [4_711, 1, 65_535, 0],
      pump: { setPoint: 250, "speed and fault": [250, 0] },
      exceptions: { "coil 1": 2, "note 8": 2, "notes 7 and 8": 2, "function 22": 1 },
    });
  });
});

async function runSimulator(): Promise<number> {
  const port = await freePort();
  const ready = Promise.withResolvers<void>();
  const supervisor = new Supervisor("device", {
    actors: [createSimulator(new Tank({ speed: 1, now: () => 0 }), port)],
    observer: { onActorReady: () => ready.resolve() },
  });
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  await ready.promise;
  return port;
}

async function runPymodbus(port: number): Promise<unknown> {
  try {
    const run = promisify(execFile)("/usr/bin/python3", [client, String(port)], {
      timeout: 20_000,
    });
    return JSON.parse((await run).stdout);
  } catch (error) {
    const isMissing = /ModuleNotFoundError|ENOENT/.test(String(error));
    throw isMissing
      ? new Error(
          "Cannot run pymodbus: apt-get install python3-pymodbus python3-serial-asyncio brings it",
          { cause: error },
        )
      : error;
  }
}
