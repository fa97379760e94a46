import type { Check } from "@sup/core/adapter";

/**
 * The ids of Modbus over Serial Line V1.02, section 2.2, and on TCP also 255, the device at the address itself (Modbus
 * Messaging on TCP/IP V1.0b, section 4.4.2.3).
 */
export function checkUnitId(check: Check, value: unknown, isLine: boolean): void {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 247) return;
  if (value === 255 && !isLine) return;
  check.refuse("unitId", `an integer from 0 to 247${isLine ? "" : ", or 255"}`, value, "number");
}

/** Addresses of the protocol's model: `quantity` of them from `address` on, none past the last. */
export function checkSpan(
  check: Check,
  address: number,
  quantity: number,
  most: number,
  name: string = "address",
): void {
  checkWord(check, name, address);
  check.integer("quantity", quantity, 1, most);
  if (address + quantity <= 65_536) return;
  throw new RangeError(
    `Cannot ${check.action}: \`${name}\` and quantity must end at 65535 or before, got ${quantity} from ${address} on`,
  );
}

export function checkWord(check: Check, name: string, value: number): void {
  check.integer(name, value, 0, 65_535);
}

export function checkBit(check: Check, name: string, value: boolean): void {
  check.boolean(name, value);
}

/** The copy is what is checked and sent, whatever the caller does to its list while the request waits. */
export function copyList<Value>(
  check: Check,
  values: readonly Value[],
  most: number,
  checkOne: (check: Check, name: string, value: Value) => void,
  name: string = "values",
): Value[] {
  check.list(name, values, 1, most);
  const copy = Array.from(values);
  for (const [index, value] of copy.entries()) checkOne(check, `${name}[${index}]`, value);
  return copy;
}
