export { ModbusActor, type ModbusProtocol } from "./lib/modbus-actor.ts";
export type { ModbusActorOptions, ModbusTcpOptions } from "./lib/options.ts";
export type {
  ModbusConnectionInfo,
  ModbusHooks,
  ModbusRequestInfo,
  ModbusResponseInfo,
} from "./lib/hooks.ts";
export type { ModbusAnswer, ModbusRequest } from "./lib/request.ts";
export {
  ModbusClosedError,
  ModbusConnectError,
  ModbusExceptionError,
  ModbusFrameError,
  ModbusTimeoutError,
} from "./lib/errors.ts";
