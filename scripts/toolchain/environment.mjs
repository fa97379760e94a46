/**
 * The environment without what npm and pnpm tell the scripts that they run: it says how this command was
 * called, and would direct the next npm or pnpm. Where the registry is, and the way to it, stays.
 *
 * @returns {Record<string, string | undefined>}
 */
export function environment() {
  const kept = Object.entries(process.env).filter(([name]) => !told.test(name) || way.test(name));
  /** @type {Record<string, string | undefined>} */
  const env = { ...Object.fromEntries(kept), TURBO_TELEMETRY_DISABLED: "1" };
  // pnpm reads no variable of npm's.
  const registry = process.env["npm_config_registry"];
  if (registry !== undefined) env["pnpm_config_registry"] ??= registry;
  return env;
}

const told = /^(npm|pnpm)_/i;
const way =
  /^npm_config_(registry|userconfig|globalconfig|cache|ca|cafile|strict_ssl|https?_proxy|proxy|noproxy)$|^pnpm_(config_|home$)/i;
