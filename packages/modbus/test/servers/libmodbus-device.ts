import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { startProcess } from "./process.ts";

const install = "libmodbus-dev gcc libc6-dev";

/** Compiles the device of `libmodbus-device.c`; the program is gone with what is returned. */
export async function compileLibmodbusDevice(): Promise<AsyncDisposable & { program: string }> {
  const folder = await mkdtemp(join(tmpdir(), "sup-libmodbus-"));
  const program = join(folder, "device");
  const source = fileURLToPath(new URL("libmodbus-device.c", import.meta.url));
  const args = ["-O1", "-o", program, source, "-I/usr/include/modbus", "-lmodbus"];
  await promisify(execFile)("gcc", args).catch((error: Error) => {
    throw new Error(
      `Cannot compile the libmodbus device: ${error.message}. Install what it needs with: apt-get install -y --no-install-recommends ${install}`,
    );
  });
  return { program, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts the compiled device at a port or the path of a serial port; it ends with the test. */
export async function libmodbusDevice(
  program: string,
  transport: "tcp" | "rtu",
  place: number | string,
): Promise<void> {
  const device = await startProcess("the libmodbus device", program, [transport, String(place)], {
    install,
  });
  onTestFinished(() => void device.kill("SIGKILL"));
}
