/** How characters go over a serial line. */
export interface SerialSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
  readonly parity: "none" | "even" | "odd";
}

/** Milliseconds that one character takes: a start bit, data, parity and stop bits. */
export function characterTime({ baudRate, dataBits, stopBits, parity }: SerialSettings): number {
  return ((1 + dataBits + (parity === "none" ? 0 : 1) + stopBits) * 1_000) / baudRate;
}
