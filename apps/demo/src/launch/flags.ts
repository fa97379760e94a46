import { parseArgs } from "node:util";
import { type DeviceAddress, parseDeviceAddress } from "./device-address.ts";
import { LaunchError } from "./launch-error.ts";

/** What the command line asks for. */
export interface Flags {
  /** The port of the HTTP server; 0 for any that is free. */
  readonly port: number;
  readonly heater:
    | { readonly kind: "real"; readonly address: DeviceAddress }
    | { readonly kind: "simulated"; readonly simulation: Simulation };
}

/** How the simulated heater behaves. */
export interface Simulation {
  /** Seconds of the plant per second of the clock. */
  readonly speed: number;
  /** Whether the device fails on a schedule. */
  readonly chaos: boolean;
}

/**
 * The flags of a command line, or `"help"` if that is asked for.
 * @throws {LaunchError} when one is unknown, makes no sense or contradicts another
 */
export function readFlags(words: readonly string[]): Flags | "help" {
  const { help, port = "8080", modbus, chaos, speed } = parse(words);
  if (help === true) return "help";
  if (modbus === undefined) {
    const simulation = { speed: parseSpeed(speed ?? "1"), chaos: chaos === true };
    return { port: parsePort(port), heater: { kind: "simulated", simulation } };
  }
  if (chaos === true) throw contradiction("--chaos");
  if (speed !== undefined) throw contradiction("--speed");
  return { port: parsePort(port), heater: { kind: "real", address: parseDeviceAddress(modbus) } };
}

const options = {
  help: { type: "boolean" },
  port: { type: "string" },
  modbus: { type: "string" },
  chaos: { type: "boolean" },
  speed: { type: "string" },
} as const;

function parse(words: readonly string[]) {
  const { values, tokens } = tokenize(words);
  const names = tokens.flatMap((token) => (token.kind === "option" ? [token.rawName] : []));
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw new LaunchError(`${repeated} must be given once at most`);
  return values;
}

function tokenize(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, tokens: true });
  } catch (error) {
    // Node explains at length; what is wrong stands in its first sentence.
    const [what] = (error as Error).message.split(/\.\s/, 1);
    throw new LaunchError(`${what}; --help lists the flags`, { cause: error });
  }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new LaunchError(`--port must be an integer from 0 to 65535, got "${text}"`);
}

function parseSpeed(text: string): number {
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (speed >= 1 && speed <= 50) return speed;
  throw new LaunchError(`--speed must be a number from 1 to 50, got "${text}"`);
}

function contradiction(flag: string): LaunchError {
  return new LaunchError(
    `${flag} is for the simulated heater, and cannot go together with --modbus`,
  );
}
