import type { DeviceAddress } from "./device-address.ts";
import type { Flags, Simulation } from "./flags.ts";
import { firstFreePort, usablePort } from "./port.ts";

/** What the gateway is built from. */
export interface Settings {
  /** The port of the HTTP server. */
  readonly port: number;
  readonly address: DeviceAddress;
  /** There is one unless the heater is real. */
  readonly simulation: Simulation | undefined;
}

/** Where people look for a Modbus device that may not use the privileged port 502. */
const firstDevicePort = 5_020;

/**
 * What the flags make on this machine, as it is now.
 * @throws {LaunchError} when the HTTP server cannot have its port
 */
export async function settingsOf({ port, heater }: Flags): Promise<Settings> {
  const usable = await usablePort(port);
  if (heater.kind === "real") {
    return { port: usable, address: heater.address, simulation: undefined };
  }
  const devicePort = await firstFreePort(firstDevicePort);
  const address = { host: "127.0.0.1", port: devicePort, unitId: 1 };
  return { port: usable, address, simulation: heater.simulation };
}
