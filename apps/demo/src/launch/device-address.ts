import { LaunchError } from "./launch-error.ts";

/** Where a Modbus TCP device is. */
export interface DeviceAddress {
  readonly host: string;
  readonly port: number;
  readonly unitId: number;
}

/**
 * The address in `tcp://HOST[:PORT][?unit=N]`, the value of `--modbus`.
 * @throws {LaunchError} when it is none
 */
export function parseDeviceAddress(text: string): DeviceAddress {
  const { host, port, unit } = pattern.exec(text)?.groups ?? {};
  if (host === undefined) {
    throw new LaunchError(`--modbus must be like tcp://192.168.1.50:502?unit=1, got "${text}"`);
  }
  return {
    // An IPv6 address has brackets here, and none elsewhere.
    host: host.replace(/^\[|\]$/g, ""),
    port: integerIn("port", port ?? "502", 1, 65_535),
    unitId: integerIn("unit", unit ?? "1", 0, 255),
  };
}

const pattern =
  /^tcp:\/\/(?<host>[\w.-]+|\[[\da-f:.]+\])(:(?<port>\d+))?\/?(\?unit=(?<unit>\d+))?$/i;

function integerIn(what: string, digits: string, least: number, most: number): number {
  const value = Number(digits);
  if (value >= least && value <= most) return value;
  throw new LaunchError(`--modbus must have a ${what} from ${least} to ${most}, got "${digits}"`);
}
