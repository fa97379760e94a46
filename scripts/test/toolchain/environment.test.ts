import { afterEach, describe, expect, it, vi } from "vitest";
import { environment } from "../../toolchain/environment.mjs";

afterEach(() => vi.unstubAllEnvs());

describe("environment", () => {
  it("leaves out what npm tells of the run that it started", () => {
    const told = ["npm_lifecycle_event", "npm_config_prefix", "npm_package_json", "NPM_EXECPATH"];
    for (const name of told) vi.stubEnv(name, "told");
    expect(Object.values(environment())).not.toContain("told");
  });

  it("keeps the way to the registry", () => {
    vi.stubEnv("npm_config_registry", "https://registry.example");
    vi.stubEnv("npm_config_https_proxy", "http://proxy.example");
    vi.stubEnv("NPM_CONFIG_USERCONFIG", "/home/me/.npmrc");
    expect(environment()).toMatchObject({
      npm_config_registry: "https://registry.example",
      npm_config_https_proxy: "http://proxy.example",
      NPM_CONFIG_USERCONFIG: "/home/me/.npmrc",
    });
  });

  it("tells pnpm, which reads no variable of npm, the registry", () => {
    vi.stubEnv("npm_config_registry", "https://registry.example");
    expect(environment()["pnpm_config_registry"]).toBe("https://registry.example");
  });

  it("keeps everything else, and turns off turbo's telemetry", () => {
    vi.stubEnv("SOMETHING", "else");
    expect(environment()).toMatchObject({ SOMETHING: "else", TURBO_TELEMETRY_DISABLED: "1" });
  });
});
