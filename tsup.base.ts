import { readFileSync } from "node:fs";
import type { Options } from "tsup";

/** How every package becomes JavaScript: one entry per source that its `exports` name. tsc adds the declarations. */
export function library(options: Options = {}): Options {
  return {
    entry: sources(),
    format: "esm",
    target: "es2023",
    platform: "node",
    clean: true,
    dts: false,
    ...options,
  };
}

function sources(): string[] {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
    exports: Record<string, string | Record<string, string>>;
  };
  return Object.values(manifest.exports).flatMap((entry) => {
    const source = typeof entry === "string" ? undefined : entry["@sup/source"];
    return source === undefined ? [] : [source];
  });
}
