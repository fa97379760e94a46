import { LaunchError } from "./launch-error.ts";

/** Where a Modbus TCP device is. */
export interface DeviceAddress {
  readonly host: string;
  readonly port: number;
  /** The unit that is the heater. */
  readonly unitId: number;
  /** The unit that is the meter; `undefined` where there is none. */
  readonly meterId: number | undefined;
}

/**
 * The address in `tcp://HOST[:PORT][?unit=N][&meter=N]`, the value of `--modbus`.
 * @throws {LaunchError} when it is none
 */
export function parseDeviceAddress(text: string): DeviceAddress {
  const { host, port, units = "" } = pattern.exec(text)?.groups ?? {};
  const ids = unitsPattern.exec(units)?.groups;
  if (host === undefined || ids === undefined) {
    throw new LaunchError(
      `--modbus must be like tcp://192.168.1.50:502?unit=1&meter=2, got "${text}"`,
    );
  }
  const { unit, meter } = ids;
  const unitId = integerIn("unit", unit ?? "1", 0, 255);
  const meterId = meter === undefined ? undefined : integerIn("meter", meter, 0, 255);
  if (unitId === meterId) {
    throw new LaunchError(
      `--modbus must have a meter other than its unit, got "${meter}" for both`,
    );
  }
  return {
    // An IPv6 address has brackets here, and none elsewhere.
    host: host.replace(/^\[|\]$/g, ""),
    port: integerIn("port", port ?? "502", 1, 65_535),
    unitId,
    meterId,
  };
}

const pattern = /^tcp:\/\/(?<host>[\w.-]+|\[[\da-f:.]+\])(:(?<port>\d+))?\/?(\?(?<units>.+))?$/i;
const unitsPattern = /^(unit=(?<unit>\d+))?((^|(?<=\d)&)meter=(?<meter>\d+))?$/;

function integerIn(what: string, digits: string, least: number, most: number): number {
  const value = Number(digits);
  if (value >= least && value <= most) return value;
  throw new LaunchError(`--modbus must have a ${what} from ${least} to ${most}, got "${digits}"`);
}
