export { ModbusActor, type ModbusProtocol } from "./lib/modbus-actor.ts";
export type {
  DeviceIdentification,
  ModbusUnit,
  ReadOptions,
  WriteOptions,
} from "./lib/modbus-unit.ts";
export type {
  ModbusActorOptions,
  ModbusCommonOptions,
  ModbusRtuOverTcpOptions,
  ModbusSerialOptions,
  ModbusTcpOptions,
  ModbusUdpOptions,
} from "./lib/options.ts";
export type {
  ModbusConnectionInfo,
  ModbusHooks,
  ModbusRequestInfo,
  ModbusResponseInfo,
} from "./lib/hooks.ts";
export {
  bits,
  float32,
  float64,
  int16,
  int32,
  int64,
  type RegisterOrder,
  type RegisterType,
  string,
  type TextOptions,
  uint16,
  uint32,
  uint64,
} from "./lib/register-type.ts";
export type { ModbusAnswer, ModbusRequest } from "./lib/request/request.ts";
export type { FileRecord, FileRecordSpan, IdentificationLevel } from "./lib/request/pdu-request.ts";
export {
  ModbusClosedError,
  ModbusConnectError,
  ModbusExceptionError,
  ModbusFrameError,
  ModbusTimeoutError,
} from "./lib/errors.ts";
