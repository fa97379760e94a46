import { getReleasePlan } from "@changesets/get-release-plan";
import { demandNone } from "../pipeline/step.ts";
import { type Package, publishedPackages } from "../pipeline/workspace.ts";
import { root } from "../toolchain/folders.mjs";

interface Release {
  readonly name: string;
  readonly type: string;
}

/** The changesets that are collected make releases that nobody's update is broken by. */
export async function checkReleasePlan(): Promise<void> {
  const { releases } = await getReleasePlan(root);
  demandNone(releasePlanProblems(releases, publishedPackages()));
}

export function releasePlanProblems(
  releases: readonly Release[],
  packages: readonly Package[],
): string[] {
  const unreleased = new Set(
    packages.filter(({ manifest }) => manifest.version === "0.0.0").map(({ name }) => name),
  );
  const majors = new Set(releases.filter(({ type }) => type === "major").map(({ name }) => name));

  return packages
    .filter(({ name }) => !majors.has(name))
    .flatMap(({ name, manifest }) => {
      if (unreleased.has(name)) {
        return [`${name} was never released: add a changeset with its major, which makes it 1.0.0`];
      }
      return Object.keys(manifest.peerDependencies ?? {})
        .filter((peer) => majors.has(peer) && !unreleased.has(peer))
        .map(
          (peer) =>
            `${peer} gets a major: add a changeset with the major of ${name}, its dependent`,
        );
    });
}
