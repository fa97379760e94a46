import { parseArgs } from "node:util";
import { type DeviceAddress, parseDeviceAddress } from "./device-address.ts";
import { LaunchError } from "./launch-error.ts";

/** What the command line asks for. A counterpart that it does not name is the demo's own. */
export interface Flags {
  /** The port of the dashboard; 0 for any that is free. */
  readonly port: number;
  /** The real heater. */
  readonly modbus: DeviceAddress | undefined;
  /** URL of the price feed. */
  readonly ws: string | undefined;
  /** URL of the stream of alarms. */
  readonly sse: string | undefined;
  /** Command line of the sidecar. */
  readonly exec: string | undefined;
  /** Seconds of the simulated water per second of the clock. */
  readonly speed: number;
  /** Whether the demo's own counterparts fail on a schedule. */
  readonly chaos: boolean;
  /** Seconds between two of its troubles. */
  readonly calm: number;
}

/**
 * The flags of a command line, or `"help"` if that is asked for.
 * @throws {LaunchError} when one is unknown, makes no sense or contradicts another
 */
export function readFlags(words: readonly string[]): Flags | "help" {
  const { help, port = "8080", speed, chaos = false, calm, ...others } = parse(words);
  if (help === true) return "help";
  const { modbus, ws, sse, exec } = others;
  const foreign = Object.entries({ modbus, ws, sse, exec }).find(
    ([, value]) => value !== undefined,
  );
  if (chaos && foreign !== undefined) {
    throw contradiction("--chaos", "the demo's own counterparts", `--${foreign[0]}`);
  }
  if (speed !== undefined && modbus !== undefined) {
    throw contradiction("--speed", "the simulated water", "--modbus");
  }
  if (calm !== undefined && !chaos) throw new LaunchError("--calm is for --chaos alone");
  return {
    port: parsePort(port),
    modbus: modbus === undefined ? undefined : parseDeviceAddress(modbus),
    ws: ws === undefined ? undefined : parseUrl("--ws", ws, ["ws:", "wss:"]),
    sse: sse === undefined ? undefined : parseUrl("--sse", sse, ["http:", "https:"]),
    exec: exec === undefined ? undefined : parseCommand(exec),
    speed: parseNumber("--speed", speed ?? "1", 1, 50),
    chaos,
    calm: parseNumber("--calm", calm ?? "7", 1, 86_400),
  };
}

const options = {
  help: { type: "boolean" },
  port: { type: "string" },
  modbus: { type: "string" },
  ws: { type: "string" },
  sse: { type: "string" },
  exec: { type: "string" },
  chaos: { type: "boolean" },
  calm: { type: "string" },
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

function parseNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new LaunchError(`${flag} must be a number from ${least} to ${most}, got "${text}"`);
}

function parseUrl(flag: string, text: string, protocols: readonly string[]): string {
  const url = URL.parse(text);
  if (url !== null && protocols.includes(url.protocol) && url.hash === "") return url.href;
  const rule = `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
  throw new LaunchError(`${flag} must be ${rule} and has no #, got "${text}"`);
}

function parseCommand(text: string): string {
  if (text.trim() !== "") return text;
  throw new LaunchError(`--exec must be a command, got "${text}"`);
}

function contradiction(flag: string, purpose: string, other: string): LaunchError {
  return new LaunchError(`${flag} is for ${purpose}, and cannot go together with ${other}`);
}
