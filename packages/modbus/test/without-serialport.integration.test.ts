import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { wellBehaved } from "./servers/scripted-device.ts";
import { device } from "./supervised.ts";

describe("ModbusActor without the package serialport", () => {
  it("works over TCP, and says over RTU what to install", async () => {
    const { port } = await device(wellBehaved);
    const fixture = fileURLToPath(new URL("fixtures/without-serialport.ts", import.meta.url));
    const args = ["--conditions=@sup/source", "--disable-warning=ExperimentalWarning", fixture];
    const { stdout } = await promisify(execFile)(process.execPath, [...args, String(port)]);
    expect(JSON.parse(stdout)).toEqual({
      registers: [100, 101],
      errors: [
        {
          name: "ModbusConnectError",
          code: "MODBUS_CONNECT",
          retryable: false,
          message:
            'Cannot open /dev/ttyUSB0: the package "serialport" is not there. Install it with: npm install serialport@13',
        },
      ],
    });
  });
});
