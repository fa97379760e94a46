import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** Starts the device of `pymodbus-device.py`; it ends with the test, or with `kill`. */
export async function pymodbusDevice(port: number): Promise<ChildProcess> {
  const program = fileURLToPath(new URL("pymodbus-device.py", import.meta.url));
  const python = spawn("/usr/bin/python3", [program, String(port)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void python.kill("SIGKILL"));
  let complaint = "";
  python.stderr.on("data", (chunk: Buffer) => (complaint += chunk));
  const why = await new Promise<string | undefined>((resolve) => {
    python.stdout.once("data", () => resolve(undefined));
    python.once("close", () => resolve(complaint.trim().split("\n").at(-1)));
    python.once("error", (error) => resolve(error.message));
  });
  if (why === undefined) return python;
  throw new Error(
    `Cannot start the pymodbus device: ${why}. Install it with: apt-get install -y --no-install-recommends ` +
      "python3-pymodbus python3-serial-asyncio python3-serial python3-six",
  );
}
