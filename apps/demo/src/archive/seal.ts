import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Reading } from "../heater/heater.ts";

/** What is kept of a batch of readings. */
export interface Seal {
  readonly count: number;
  /** The coldest and the warmest, in degrees Celsius. */
  readonly lowest: number;
  readonly highest: number;
  /** Bytes of the readings, compressed. */
  readonly bytes: number;
  /** Of those bytes, in hexadecimal: who changes a reading later changes it. */
  readonly sha256: string;
}

/** Compresses the readings, a line of JSON each, and seals them. */
export async function sealOf(readings: readonly Reading[]): Promise<Seal> {
  const lines = readings.map((reading) => `${JSON.stringify(reading)}\n`).join("");
  const packed = await promisify(gzip)(lines);
  const temperatures = readings.map(({ celsius }) => celsius);
  return {
    count: readings.length,
    lowest: Math.min(...temperatures),
    highest: Math.max(...temperatures),
    bytes: packed.length,
    sha256: createHash("sha256").update(packed).digest("hex"),
  };
}
