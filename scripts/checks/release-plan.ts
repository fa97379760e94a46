import { readChangesets } from "@changesets/read";
import { demandNone } from "../pipeline/step.ts";
import { type Package, publishedPackages } from "../pipeline/workspace.ts";
import { root } from "../toolchain/folders.mjs";

interface Changeset {
  readonly id: string;
  readonly releases: readonly { readonly name: string; readonly type: string }[];
}

/** The changesets that have collected make releases whose versions tell what they break. */
export async function checkReleasePlan(): Promise<void> {
  demandNone(releasePlanProblems(await readChangesets(root), publishedPackages()));
}

export function releasePlanProblems(
  changesets: readonly Changeset[],
  packages: readonly Package[],
): string[] {
  const majors = changesets
    .flatMap(({ releases }) => releases)
    .filter(({ type }) => type === "major")
    .map(({ name }) => name);
  return [
    ...unknownPackages(changesets, packages),
    ...packages
      .filter(({ name }) => !majors.includes(name))
      .flatMap((one) => missingMajors(one, majors, packages)),
  ];
}

function unknownPackages(changesets: readonly Changeset[], packages: readonly Package[]): string[] {
  return changesets.flatMap(({ id, releases }) =>
    releases
      .filter(({ name }) => !packages.some((one) => one.name === name))
      .map(({ name }) => `.changeset/${id}.md names ${name}, which is not published`),
  );
}

/** changesets itself gives a package a patch when a peer leaves the range that it asks for. */
function missingMajors(
  { name, manifest }: Package,
  majors: readonly string[],
  packages: readonly Package[],
): string[] {
  if (isUnreleased(manifest)) {
    return [`${name} was never released: add a changeset with its major, which makes it 1.0.0`];
  }
  return packages
    .filter((peer) => majors.includes(peer.name) && !isUnreleased(peer.manifest))
    .filter((peer) => manifest.peerDependencies?.[peer.name] !== undefined)
    .map(
      (peer) => `${peer.name} gets a major: add a changeset with that of ${name}, its dependent`,
    );
}

function isUnreleased({ version }: Package["manifest"]): boolean {
  return version === "0.0.0";
}
