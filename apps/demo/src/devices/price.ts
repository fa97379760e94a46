const mean = 0.3;
const swing = 0.1;
/** Seconds of a day of the market, which begins with its cheap half. */
const period = 120;

/** Euros for a kilowatt-hour at `time`, in seconds; cents and tenths of them. */
export function priceAt(time: number): number {
  const price = mean - swing * Math.sin((2 * Math.PI * time) / period);
  return Math.round(price * 1_000) / 1_000;
}
