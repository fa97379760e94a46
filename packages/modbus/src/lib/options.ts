import {
  checkChoice,
  checkFunction,
  checkInteger,
  checkObject,
  checkText,
  checkTimeout,
  checkUnitId,
} from "./check.ts";
import type { ModbusHooks } from "./hooks.ts";

/** Options of a `ModbusActor`. */
export type ModbusActorOptions = ModbusTcpOptions;

/** A device, or a gateway to several, at a TCP address. */
export interface ModbusTcpOptions extends ModbusHooks {
  /** How the device is reached. */
  readonly transport: "tcp";
  /** Host name or IP address. */
  readonly host: string;
  /**
   * TCP port.
   * @defaultValue 502
   */
  readonly port?: number | undefined;
  /**
   * The unit that requests go to: 1 to 247 for a device behind a gateway, 255 or 0 for the one that has the TCP address
   * itself (Modbus Messaging on TCP/IP V1.0b). On TCP 0 is no broadcast: its answer is awaited, also to a write.
   * @defaultValue 1
   */
  readonly unitId?: number | undefined;
  /**
   * Milliseconds from a request on the wire to its answer; past it the request rejects with `ModbusTimeoutError`. The
   * `timeout` of a call counts from the call instead, the time in the queue included.
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
}

/** The options, validated and complete. */
export type Settings = ModbusHooks & {
  readonly [Name in SettingName]: NonNullable<ModbusTcpOptions[Name]>;
};

/** @throws TypeError or RangeError that names the option and the rule. */
export function settingsOf(name: string, options: ModbusActorOptions): Settings {
  const action = `create Modbus actor ${JSON.stringify(name)}`;
  checkText("create Modbus actor", "name", name);
  checkObject(action, options);
  const { transport, host, onConnect, onRequest, onResponse, onError } = options;
  const {
    port = 502,
    unitId = 1,
    timeout = 1_000,
    connectTimeout = 5_000,
    capacity = 64,
    failAfter = 3,
  } = options;
  checkChoice(action, "transport", transport, ["tcp"]);
  checkText(action, "host", host);
  checkInteger(action, "port", port, 1, 65_535);
  checkUnitId(action, "unitId", unitId);
  checkTimeout(action, "timeout", timeout);
  checkTimeout(action, "connectTimeout", connectTimeout);
  checkInteger(action, "capacity", capacity, 0, Number.MAX_SAFE_INTEGER);
  checkInteger(action, "failAfter", failAfter, 1, Number.MAX_SAFE_INTEGER);
  const hooks = { onConnect, onRequest, onResponse, onError };
  for (const [hook, value] of Object.entries(hooks)) checkFunction(action, hook, value);
  return { transport, host, port, unitId, timeout, connectTimeout, capacity, failAfter, ...hooks };
}

type SettingName = Exclude<keyof ModbusTcpOptions, keyof ModbusHooks>;
