import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { ModbusActorOptions } from "../../src/index.ts";
import { startProcess } from "./process.ts";

/** Starts the device of `pymodbus-device.py` at a port or the path of a serial port; it ends with the test, or with `kill`. */
export async function pymodbusDevice(
  place: number | string,
  transport: ModbusActorOptions["transport"] = "tcp",
): Promise<ChildProcess> {
  const program = fileURLToPath(new URL("pymodbus-device.py", import.meta.url));
  const python = await startProcess(
    "the pymodbus device",
    "/usr/bin/python3",
    [program, transport, String(place)],
    { install: "python3-pymodbus python3-serial-asyncio python3-serial python3-six" },
  );
  onTestFinished(() => void python.kill("SIGKILL"));
  return python;
}
