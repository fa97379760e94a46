/** Degrees Celsius between which the temperature is right. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

/** Whether to heat at `celsius`: below the band yes, above it no, and within it as before, so that the switch rests. */
export function mustHeat(heated: boolean, celsius: number, { low, high }: Band): boolean {
  if (celsius <= low) return true;
  if (celsius >= high) return false;
  return heated;
}
