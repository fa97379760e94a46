/**
 * `retry` gave up: `errors` are those of all attempts in their order, as they were thrown, and `cause` is the last of them.
 */
export class RetryError extends AggregateError {
  override readonly name = "RetryError";
  readonly code = "RETRY";
  /** Those of all attempts, in their order, as they were thrown. */
  declare readonly errors: unknown[];

  /** @internal */
  constructor(errors: readonly unknown[], limit: number) {
    const cause = errors.at(-1);
    super(
      errors,
      `Cannot get a result: ${errors.length} of ${limit} attempts failed, the last with: ${textOf(cause)}`,
      { cause },
    );
  }
}

/** What several routees threw in one `broadcast` or `fanOutWait`. */
export function failuresOf(
  action: string,
  errors: readonly unknown[],
  routees: number,
): AggregateError {
  const first = textOf(errors[0]);
  return new AggregateError(
    errors,
    `${action}: ${errors.length} of ${routees} routees failed, the first with: ${first}`,
  );
}

function textOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return "a value without text";
  }
}
