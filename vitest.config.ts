import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const conditions = ["@sup/source"];
const folders = ["packages/*/test", "apps/*/test", "docs/test", "scripts/test"];
const unit = folders.map((folder) => `${folder}/**/*.test.ts`);
// One file after the other: they wait for processes and devices, or measure, and would disturb each other.
const integration = [
  ...folders.map((folder) => `${folder}/**/*.integration.test.ts`),
  "benchmarks/test/**/*.test.ts",
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    execArgv: ["--expose-gc"],
    // These only end what hangs: a machine may be slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: unit,
          exclude: integration,
          setupFiles: "vitest.setup.ts",
          sequence: { groupOrder: 0 },
          // On two cores vitest would leave one idle.
          maxWorkers: Math.max(2, availableParallelism() - 1),
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: integration,
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
        },
      },
    ],
  },
});
