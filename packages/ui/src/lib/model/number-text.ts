/** Digits of a fraction that anybody compares. */
const significant = 6;
/** Digits of a number that are no noise of its calculation. */
const meant = 15;
/** Below it zeros are harder to count than an exponent is to read. */
const smallest = 1e-4;

/**
 * A number for a person, at most half a unit of its last digit from the true one: an integer in full; a fraction to six
 * digits, but to no fewer than stand before its point. Where it was rounded the zeros at its end stay, and say so.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isSafeInteger(value)) return grouped(String(value));
  const size = Math.abs(value);
  if (size < smallest || size > Number.MAX_SAFE_INTEGER) {
    return trimmed(value, value.toExponential(significant - 1)).replace("e+", "e");
  }
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(size)));
  return grouped(trimmed(value, value.toFixed(decimals)));
}

/** Without the zeros at the end of its fraction, where nothing was rounded. */
function trimmed(value: number, rounded: string): string {
  if (Number(rounded) !== Number(value.toPrecision(meant))) return rounded;
  return rounded.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "");
}

/** A number with a comma between thousands. */
export function grouped(text: string): string {
  const [whole = "", ...fraction] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}
