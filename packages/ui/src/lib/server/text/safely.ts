/** What `read` returns; `fallback` where it throws: names, errors and values are somebody else's, and so are their getters. */
export function safely<Value, Fallback>(read: () => Value, fallback: Fallback): Value | Fallback {
  try {
    return read();
  } catch {
    return fallback;
  }
}
