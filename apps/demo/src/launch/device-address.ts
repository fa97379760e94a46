import { LaunchError } from "./launch-error.ts";

/** Where a Modbus TCP device is. */
export interface DeviceAddress {
  readonly host: string;
  readonly port: number;
  readonly units: Units;
}

/** The ids of the units behind it; left out where there is none. */
export interface Units {
  readonly heater: number;
  readonly meter?: number;
  /** The pump that drives the water past the heater. */
  readonly circulation?: number;
  /** The pump that supplies the building. */
  readonly supply?: number;
}

/**
 * The address in `tcp://HOST[:PORT][?unit=N][&meter=N][&circulation=N][&supply=N]`, the value of `--modbus`.
 * @throws {LaunchError} when it is none
 */
export function parseDeviceAddress(text: string): DeviceAddress {
  const { host, port = "502", query } = pattern.exec(text)?.groups ?? {};
  const ids = query === undefined ? {} : idsIn(query);
  if (host === undefined || ids === undefined) {
    throw new LaunchError(
      `--modbus must be like tcp://192.168.1.50:502?unit=1&meter=2&circulation=3&supply=4, got "${text}"`,
    );
  }
  const { unit = 1, ...others } = ids;
  const units: Units = { heater: unit, ...others };
  checkDistinct(Object.values(units));
  return {
    // An IPv6 address has brackets here, and none elsewhere.
    host: host.replace(/^\[|\]$/g, ""),
    port: integerIn("port", port, 1, 65_535),
    units,
  };
}

const pattern = /^tcp:\/\/(?<host>[\w.-]+|\[[\da-f:.]+\])(:(?<port>\d+))?\/?(\?(?<query>.*))?$/i;
const pairPattern = /^(?<name>unit|meter|circulation|supply)=(?<id>\d+)$/;

type UnitIds = { [Name in "unit" | "meter" | "circulation" | "supply"]?: number };

/** `undefined` where a part of it makes no sense, or comes twice. */
function idsIn(query: string): UnitIds | undefined {
  const ids: UnitIds = {};
  for (const pair of query.split("&")) {
    const { name, id } = pairPattern.exec(pair)?.groups ?? {};
    if (name === undefined || id === undefined || name in ids) return undefined;
    ids[name as keyof UnitIds] = integerIn(name, id, 0, 255);
  }
  return ids;
}

function checkDistinct(ids: readonly number[]): void {
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  if (repeated === undefined) return;
  throw new LaunchError(`--modbus must have another unit for each device, got ${repeated} twice`);
}

function integerIn(what: string, digits: string, least: number, most: number): number {
  const value = Number(digits);
  if (value >= least && value <= most) return value;
  throw new LaunchError(`--modbus must have a ${what} from ${least} to ${most}, got "${digits}"`);
}
