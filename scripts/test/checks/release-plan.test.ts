import { describe, expect, it } from "vitest";
import { releasePlanProblems } from "../../checks/release-plan.ts";

const core = (version: string) => ({
  name: "@sup/core",
  folder: "core",
  manifest: { name: "@sup/core", version },
});
const hub = (version: string) => ({
  name: "@sup/hub",
  folder: "hub",
  manifest: { name: "@sup/hub", version, peerDependencies: { "@sup/core": "workspace:^1.0.0" } },
});
const released = [core("1.2.0"), hub("1.5.0")];

const changeset = (name: string, type: string) => ({ id: "quiet-cat", releases: [{ name, type }] });

describe("releasePlanProblems", () => {
  it("finds nothing when nothing is to be released", () => {
    expect(releasePlanProblems([], released)).toEqual([]);
  });

  it("finds nothing when core gets a minor and its dependents nothing", () => {
    expect(releasePlanProblems([changeset("@sup/core", "minor")], released)).toEqual([]);
  });

  it("demands the dependent's major when core gets one", () => {
    const changesets = [changeset("@sup/core", "major"), changeset("@sup/hub", "patch")];
    expect(releasePlanProblems(changesets, released)).toEqual([
      "@sup/core gets a major: add a changeset with that of @sup/hub, its dependent",
    ]);
  });

  it("finds nothing when both get a major", () => {
    const changesets = [changeset("@sup/core", "major"), changeset("@sup/hub", "major")];
    expect(releasePlanProblems(changesets, released)).toEqual([]);
  });

  it("demands a major of each package that was never released", () => {
    const changesets = [changeset("@sup/core", "major")];
    expect(releasePlanProblems(changesets, [core("0.0.0"), hub("0.0.0")])).toEqual([
      "@sup/hub was never released: add a changeset with its major, which makes it 1.0.0",
    ]);
  });

  it("lets a new package come to a released core", () => {
    const changesets = [changeset("@sup/hub", "major")];
    expect(releasePlanProblems(changesets, [core("1.2.0"), hub("0.0.0")])).toEqual([]);
  });

  it("names the changeset when it is for a package that is not there", () => {
    expect(releasePlanProblems([changeset("@sup/hbu", "patch")], released)).toEqual([
      ".changeset/quiet-cat.md names @sup/hbu, which is not published",
    ]);
  });
});
