import { safely } from "./safely.ts";

/**
 * Says what of the observed values must not be shown: `true` hides.
 *
 * `path` begins with the name of the value, and goes on with the keys down to `value`.
 */
export type Redact = (path: readonly string[], value: unknown) => boolean;

const secrets =
  /passw|passphrase|pwd|secret|token|authori[sz]ation|cookie|credential|(api|access|private|signing)[-_ ]?key/i;

/** Whether to hide what stands at `path`: it looks like a secret, `redact` says so, or cannot say. */
export function isHidden(
  path: readonly string[],
  value: unknown,
  redact: Redact | undefined,
): boolean {
  if (secrets.test(path.at(-1) ?? "")) return true;
  const verdict: unknown = safely(() => redact?.(path, value), true);
  // Anything but a "no" hides: a promise, too.
  return verdict !== false && verdict !== undefined;
}
