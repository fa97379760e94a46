import { describe, expect, it } from "vitest";
import { manifestProblems } from "../../checks/manifests.ts";

const manifest = {
  name: "@sup/thing",
  version: "1.0.0",
  description: "A thing.",
  keywords: ["thing"],
  license: "MIT",
  type: "module",
  sideEffects: false,
  types: "./dist/index.d.ts",
  engines: { node: ">=22.12" },
  files: ["dist", "CHANGELOG.md"],
  exports: {
    ".": {
      "@sup/source": "./src/index.ts",
      types: "./dist/index.d.ts",
      default: "./dist/index.js",
    },
    "./package.json": "./package.json",
  },
  publishConfig: {
    access: "public",
    provenance: true,
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
  },
  peerDependencies: { "@sup/core": "workspace:^1.0.0", other: "^3" },
};

describe("manifestProblems", () => {
  it("finds nothing when a package is as all are", () => {
    expect(manifestProblems(manifest)).toEqual([]);
  });

  it("finds nothing when it has an entry more, and `typesVersions` lead there", () => {
    const types = "./dist/testing.d.ts";
    const testing = { types, default: "./dist/testing.js" };
    const source = { "@sup/source": "./src/testing.ts" };
    const more = {
      ...manifest,
      exports: { ...manifest.exports, "./testing": { ...source, ...testing } },
      publishConfig: {
        ...manifest.publishConfig,
        exports: { ...manifest.publishConfig.exports, "./testing": testing },
      },
    };
    const typesVersions = { "*": { testing: [types] } };
    expect(manifestProblems({ ...more, typesVersions })).toEqual([]);
    expect(manifestProblems(more)).toHaveLength(1);
  });

  it.each([
    ["description", ""],
    ["keywords", []],
    ["license", "ISC"],
    ["type", "commonjs"],
    ["sideEffects", true],
    ["types", "./dist/index.d.mts"],
    ["typesVersions", { "*": { other: ["./dist/other.d.ts"] } }],
    ["engines", { node: ">=20" }],
    ["files", ["dist", "src"]],
    ["publishConfig", { ...manifest.publishConfig, provenance: false }],
    ["publishConfig", { ...manifest.publishConfig, exports: manifest.exports }],
    ["repository", { type: "git", url: "git+https://example.org/sup.git" }],
    ["peerDependencies", { "@sup/core": "workspace:*" }],
  ])("names the package and the field when `%s` is %j", (field, value) => {
    const problems = manifestProblems({ ...manifest, [field]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^@sup/thing: \`${field}`));
  });

  it.each([
    ["there is none", {}],
    ["it lacks the main entry", { "./package.json": "./package.json" }],
    ["it lacks package.json", { ".": manifest.exports["."] }],
    ["an entry has no types", { ...manifest.exports, "./x": { "@sup/source": "", default: "" } }],
    [
      "types come last",
      { ...manifest.exports, "./x": { "@sup/source": "", default: "", types: "" } },
    ],
  ])("names `exports` when %s", (_, exports) => {
    expect(manifestProblems({ ...manifest, exports })).toContainEqual(
      expect.stringMatching(/^@sup\/thing: `exports` must give each entry/),
    );
  });
});
