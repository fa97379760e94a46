import { Check } from "@sup/core/adapter";
import type { ModbusHooks } from "./hooks.ts";
import { checkUnitId } from "./request/limits.ts";
import { characterTime } from "./transport/character-time.ts";

/** Options of a `ModbusActor`. */
export type ModbusActorOptions =
  | ModbusTcpOptions
  | ModbusUdpOptions
  | ModbusRtuOverTcpOptions
  | ModbusSerialOptions;

/** What the options of all transports have. */
export interface ModbusCommonOptions extends ModbusHooks {
  /**
   * The unit that the actor's own requests go to; `unit(id)` is for others. On TCP and UDP 1 to 247 is a device behind a
   * gateway, and 255 or 0 the one that has the address itself (Modbus Messaging on TCP/IP V1.0b): there 0 is no broadcast,
   * its answer is awaited, also to a write. On a serial line 1 to 247 is a device and 0 all of them: nobody answers, a
   * write resolves after `turnaround`, and a read is refused.
   * @defaultValue 1
   */
  readonly unitId?: number | undefined;
  /**
   * Milliseconds from a request on the wire to its answer; past it the request rejects with `ModbusTimeoutError`. The
   * `timeout` of a call counts from the call instead, the time in the queue included. On a serial line the answer's own
   * time on the wire is part of it: 125 registers take 270 ms at 9,600 baud.
   * @defaultValue 1,000
   */
  readonly timeout?: number | undefined;
  /**
   * Milliseconds that connecting may take, name resolution included; past it the actor crashes with `ModbusConnectError`.
   * @defaultValue 5,000
   */
  readonly connectTimeout?: number | undefined;
  /**
   * Requests that may wait for their turn; a call past it waits for room.
   * @defaultValue 64
   */
  readonly capacity?: number | undefined;
  /**
   * Requests in a row without an answer that count as a dead connection: the actor crashes with `ModbusTimeoutError`. A
   * request whose caller gave up after it was sent counts as well, when its answer does not come within `timeout`.
   * @defaultValue 3
   */
  readonly failAfter?: number | undefined;
  /**
   * Reads of neighbouring or overlapping coils or registers of one unit that wait in the queue go out as one request, as
   * far as one may be long. Each caller gets its own part; when the device refuses the whole, each part is asked for alone.
   * @defaultValue false
   */
  readonly batch?: boolean | undefined;
}

interface NetworkOptions extends ModbusCommonOptions {
  /** Host name or IP address. */
  readonly host: string;
  /**
   * TCP or UDP port.
   * @defaultValue 502
   */
  readonly port?: number | undefined;
}

/** A device, or a gateway to several, at a TCP address. */
export interface ModbusTcpOptions extends NetworkOptions {
  /** How the device is reached. */
  readonly transport: "tcp";
}

/** A device, or a gateway to several, that takes the frames of Modbus TCP in UDP datagrams. */
export interface ModbusUdpOptions extends NetworkOptions {
  /** How the device is reached. */
  readonly transport: "udp";
}

/** What a line has that carries one request at a time, without ids. */
interface LineOptions {
  /**
   * Milliseconds of silence on the line before each request, 0 to 1,000.
   * @defaultValue the time of 3.5 characters, 1.75 ms at least (Modbus over Serial Line V1.02, section 2.5.1.1); 0 with
   * `"rtu-over-tcp"`, where the device server keeps it
   */
  readonly quietTime?: number | undefined;
  /**
   * Milliseconds that the units are given to carry out a broadcast, from its end on the wire.
   * @defaultValue 100
   */
  readonly turnaround?: number | undefined;
}

/** A serial line behind a device server that hands bytes on as they are: RTU frames, with their CRC, over TCP. */
export interface ModbusRtuOverTcpOptions extends NetworkOptions, LineOptions {
  /** How the device is reached. */
  readonly transport: "rtu-over-tcp";
}

/** A serial line of this machine. It needs the package `serialport`. */
export interface ModbusSerialOptions extends ModbusCommonOptions, LineOptions {
  /** How frames are written on the line: RTU as bytes, ASCII as hexadecimal text. */
  readonly transport: "rtu" | "ascii";
  /** The port, as in "/dev/ttyUSB0" or "COM3". */
  readonly path: string;
  /**
   * Bits per second.
   * @defaultValue 9,600
   */
  readonly baudRate?: number | undefined;
  /**
   * RTU has 8, ASCII may have 7.
   * @defaultValue 8
   */
  readonly dataBits?: 7 | 8 | undefined;
  /**
   * Bits after each character; with no parity the specification asks for 2.
   * @defaultValue 1
   */
  readonly stopBits?: 1 | 2 | undefined;
  /**
   * The parity bit of each character.
   * @defaultValue "even"
   */
  readonly parity?: "none" | "even" | "odd" | undefined;
  /**
   * For a transceiver of two wires whose direction RTS switches, where the driver of the port does not do it: RTS is on from
   * `rtsDelay` milliseconds (0 to 100) before each frame until as long after it.
   * @defaultValue none: RTS is left alone
   */
  readonly rs485?: { readonly rtsDelay: number } | undefined;
}

/** The options, validated and complete. */
export type Settings = ModbusHooks & Required<Numbers> & Place;

type Numbers = {
  readonly [Name in keyof Omit<ModbusCommonOptions, keyof ModbusHooks>]: NonNullable<
    ModbusCommonOptions[Name]
  >;
};

type Place = NetworkPlace | RtuOverTcpPlace | SerialPlace;

interface NetworkPlace {
  readonly transport: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
}

interface RtuOverTcpPlace {
  readonly transport: "rtu-over-tcp";
  readonly host: string;
  readonly port: number;
  readonly quietTime: number;
  readonly turnaround: number;
}

interface SerialPlace {
  readonly transport: "rtu" | "ascii";
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
  readonly parity: "none" | "even" | "odd";
  readonly rs485: { readonly rtsDelay: number } | undefined;
  readonly quietTime: number;
  readonly turnaround: number;
}

/** @throws TypeError or RangeError that names the option and the rule. */
export function settingsOf(name: string, options: ModbusActorOptions): Settings {
  const check = Check.creation("Modbus actor", name);
  check.object("options", options);
  const {
    unitId = 1,
    timeout = 1_000,
    connectTimeout = 5_000,
    capacity = 64,
    failAfter = 3,
    batch = false,
    onConnect,
    onRequest,
    onResponse,
    onError,
    ...rest
  } = options;
  const hooks = { onConnect, onRequest, onResponse, onError };
  const place = placeOf(check, rest);
  checkUnitId(check, unitId, isLine(place.transport));
  check.timeout("timeout", timeout);
  check.timeout("connectTimeout", connectTimeout);
  check.integer("capacity", capacity, 0);
  check.integer("failAfter", failAfter, 1);
  check.boolean("batch", batch);
  check.functions(hooks);
  return { ...place, unitId, timeout, connectTimeout, capacity, failAfter, batch, ...hooks };
}

/** Whether the transport carries one request at a time, and unit 0 is all units. */
export function isLine(transport: Settings["transport"]): boolean {
  return transport !== "tcp" && transport !== "udp";
}

/** Where the device is, and how it is reached: what an option of another transport would say is not meant. */
type PlaceOptions =
  | Own<ModbusTcpOptions>
  | Own<ModbusUdpOptions>
  | Own<ModbusRtuOverTcpOptions>
  | Own<ModbusSerialOptions>;
type Own<Options> = Omit<Options, keyof ModbusCommonOptions>;

function placeOf(check: Check, options: PlaceOptions): Place {
  const { transport } = options;
  check.choice("transport", transport, ["tcp", "rtu", "ascii", "rtu-over-tcp", "udp"]);
  const over = new Check(`${check.action} over ${transport}`);
  switch (options.transport) {
    case "tcp":
    case "udp":
      return networkPlaceOf(over, options);
    case "rtu-over-tcp": {
      const { quietTime, turnaround, ...place } = options;
      return { ...networkPlaceOf(over, place), ...lineOf(over, { quietTime, turnaround }, 0) };
    }
    default:
      return serialPlaceOf(over, options);
  }
}

function networkPlaceOf<Name extends Exclude<Settings["transport"], SerialPlace["transport"]>>(
  check: Check,
  options: Own<NetworkOptions> & { readonly transport: Name },
): { readonly transport: Name; readonly host: string; readonly port: number } {
  const { transport, host, port = 502, ...rest } = options;
  check.text("host", host);
  check.integer("port", port, 1, 65_535);
  check.nothingElse(rest);
  return { transport, host, port };
}

function serialPlaceOf(check: Check, options: Own<ModbusSerialOptions>): SerialPlace {
  const {
    transport,
    path,
    baudRate = 9_600,
    dataBits = 8,
    stopBits = 1,
    parity = "even",
    rs485,
    quietTime,
    turnaround,
    ...rest
  } = options;
  check.text("path", path);
  check.integer("baudRate", baudRate, 50, 12_000_000);
  check.choice("dataBits", dataBits, transport === "rtu" ? [8] : [7, 8]);
  check.choice("stopBits", stopBits, [1, 2]);
  check.choice("parity", parity, ["none", "even", "odd"]);
  if (rs485 !== undefined) checkRs485(check, rs485);
  check.nothingElse(rest);
  const serial = { baudRate, dataBits, stopBits, parity };
  // Above 19,200 baud the specification has a fixed time, as shorter ones are hard to keep.
  const usualQuietTime = Math.max(3.5 * characterTime(serial), 1.75);
  const line = lineOf(check, { quietTime, turnaround }, usualQuietTime);
  return { transport, path, ...serial, rs485, ...line };
}

function checkRs485(check: Check, rs485: NonNullable<ModbusSerialOptions["rs485"]>): void {
  check.object("rs485", rs485);
  const { rtsDelay, ...rest } = rs485;
  check.delay("rs485.rtsDelay", rtsDelay, 0, 100);
  check.nothingElse(rest, "rs485.");
}

function lineOf(
  check: Check,
  { quietTime, turnaround = 100 }: LineOptions,
  usualQuietTime: number,
): { readonly quietTime: number; readonly turnaround: number } {
  const line = { quietTime: quietTime ?? usualQuietTime, turnaround };
  check.delay("quietTime", line.quietTime, 0, 1_000);
  check.delay("turnaround", turnaround, 0, 60_000);
  return line;
}
