/** One address of a device. */
export interface Cell<Value> {
  read(): Value;
  write(value: Value): void;
}

/** An address that only the device itself changes. */
export type Input<Value> = Pick<Cell<Value>, "read">;

/** What a device has at its addresses; each table begins at address 0 and has no gap. */
export interface Memory {
  readonly coils: readonly Cell<boolean>[];
  readonly discreteInputs: readonly Input<boolean>[];
  readonly holdingRegisters: readonly Cell<number>[];
  readonly inputRegisters: readonly Input<number>[];
}

/** Cells by their address, from 0 on without a gap, as a table of a memory. */
export function table<Value>(cells: Readonly<Record<number, Value>>): readonly Value[] {
  return Object.values(cells);
}
