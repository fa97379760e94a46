import { withinDeadline } from "@sup/core/adapter";
import { ModbusConnectError } from "../errors.ts";

/** Where a device, or a gateway to devices, is. */
export interface NetworkTarget {
  readonly host: string;
  readonly port: number;
  /** Host and port as messages name them. */
  readonly address: string;
  /** Milliseconds that an attempt to connect may take, name resolution included. */
  readonly connectTimeout: number;
}

/**
 * Connects to `target` by `act`, of which the signal aborts when that takes too long, or when `signal` does.
 *
 * @param missing - what there is none of then, as in "connection".
 * @throws {@link ModbusConnectError} if it is not there in time, else what `act` rejects with.
 */
export function attempt<Connected>(
  { address, connectTimeout }: NetworkTarget,
  missing: string,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<Connected>,
): Promise<Connected> {
  const late = `Cannot connect to ${address}: no ${missing} within ${connectTimeout} ms`;
  return withinDeadline(connectTimeout, signal, () => new ModbusConnectError(late), act);
}
