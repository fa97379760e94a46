import { actions, type ModbusRequest } from "./request.ts";

/**
 * Unit 0 of a serial line is every unit, and nobody answers: only what can do without an answer goes there (Modbus over
 * Serial Line V1.02, section 2.1).
 *
 * @throws RangeError for what reads.
 */
export function checkBroadcast(request: ModbusRequest): void {
  if (request.unitId !== 0 || "bytes" in request || writing.has(request.functionCode)) return;
  throw new RangeError(
    `Cannot ${actions[request.functionCode]}: unit 0 is all units of the line, and none of them answers`,
  );
}

const writing: ReadonlySet<number> = new Set([5, 6, 15, 16, 21, 22]);
