/** The price in a message, which is a number or JSON with a number called `price`; NaN where there is none. */
export function priceIn(message: string): number {
  try {
    const parsed: unknown = JSON.parse(message);
    const price = typeof parsed === "object" && parsed !== null ? field(parsed) : parsed;
    return typeof price === "number" ? price : NaN;
  } catch {
    return NaN;
  }
}

function field(parsed: { readonly price?: unknown }): unknown {
  return parsed.price;
}
