import { describe, expect, it } from "vitest";
import { releasePlanProblems } from "../../checks/release-plan.ts";

const packages = (version: string) => [
  { name: "@sup/core", folder: "core", manifest: { name: "@sup/core", version } },
  {
    name: "@sup/hub",
    folder: "hub",
    manifest: { name: "@sup/hub", version, peerDependencies: { "@sup/core": "workspace:^1.0.0" } },
  },
];

describe("releasePlanProblems", () => {
  it("finds nothing when nothing is to be released", () => {
    expect(releasePlanProblems([], packages("1.2.0"))).toEqual([]);
  });

  it("finds nothing when core gets a minor and its dependents nothing", () => {
    expect(releasePlanProblems([{ name: "@sup/core", type: "minor" }], packages("1.2.0"))).toEqual(
      [],
    );
  });

  it("demands the dependent's major when core gets one", () => {
    const releases = [
      { name: "@sup/core", type: "major" },
      { name: "@sup/hub", type: "patch" },
    ];
    expect(releasePlanProblems(releases, packages("1.2.0"))).toEqual([
      "@sup/core gets a major: add a changeset with the major of @sup/hub, its dependent",
    ]);
  });

  it("finds nothing when both get a major", () => {
    const releases = [
      { name: "@sup/core", type: "major" },
      { name: "@sup/hub", type: "major" },
    ];
    expect(releasePlanProblems(releases, packages("1.2.0"))).toEqual([]);
  });

  it("demands a major of each package that was never released", () => {
    const releases = [{ name: "@sup/core", type: "major" }];
    expect(releasePlanProblems(releases, packages("0.0.0"))).toEqual([
      "@sup/hub was never released: add a changeset with its major, which makes it 1.0.0",
    ]);
  });

  it("lets a new package come to a released core", () => {
    const [core] = packages("1.2.0");
    const [, hub] = packages("0.0.0");
    const releases = [{ name: "@sup/hub", type: "major" }];
    expect(
      releasePlanProblems(
        releases,
        [core, hub].filter((one) => one !== undefined),
      ),
    ).toEqual([]);
  });
});
