import { units } from "../devices/simulator.ts";
import type { DeviceAddress } from "./device-address.ts";
import type { Flags } from "./flags.ts";
import { firstFreePort, usablePort } from "./port.ts";

/** What the gateway is built from. */
export interface Settings {
  /** The port of the dashboard. */
  readonly port: number;
  /** `speed`: of the simulated water; there is none where the heater is real. */
  readonly modbus: { readonly address: DeviceAddress; readonly speed: number | undefined };
  readonly prices: Place;
  readonly alarms: Place;
  /** The command line of the sidecar; `undefined` for the demo's own. */
  readonly sidecar: string | undefined;
  /** Milliseconds between two troubles; `undefined` where there are none. */
  readonly calm: number | undefined;
}

/** Where a counterpart is. */
export interface Place {
  readonly url: string;
  /** Where the demo's own one listens; `undefined` where it is somebody else's. */
  readonly ownPort: number | undefined;
}

/** Where people look for a Modbus device that may not use the privileged port 502; the others come after it. */
const firstOwnPort = 5_020;

/**
 * What the flags make on this machine, as it is now.
 * @throws {LaunchError} when the dashboard cannot have its port
 */
export async function settingsOf(flags: Flags): Promise<Settings> {
  const { speed, chaos, exec } = flags;
  const calm = chaos ? flags.calm * 1_000 : undefined;
  const port = await usablePort(flags.port);
  const modbusPort = await firstFreePort(firstOwnPort);
  const pricesPort = await firstFreePort(modbusPort + 1);
  const alarmsPort = await firstFreePort(pricesPort + 1);
  const modbus =
    flags.modbus === undefined
      ? { address: { host: "127.0.0.1", port: modbusPort, units }, speed }
      : { address: flags.modbus, speed: undefined };
  const prices = placeOf(flags.ws, `ws://127.0.0.1:${pricesPort}/`, pricesPort);
  const alarms = placeOf(flags.sse, `http://127.0.0.1:${alarmsPort}/`, alarmsPort);
  return { port, modbus, prices, alarms, sidecar: exec, calm };
}

function placeOf(given: string | undefined, own: string, ownPort: number): Place {
  return given === undefined ? { url: own, ownPort } : { url: given, ownPort: undefined };
}
