/** Three significant digits, which is more than the noise leaves. */
export function digits(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}
