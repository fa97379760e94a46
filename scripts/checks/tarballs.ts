import { join } from "node:path";
import { command } from "../pipeline/command.ts";
import { demandNone } from "../pipeline/step.ts";
import { twoAtATime } from "../pipeline/two-at-a-time.ts";
import { type Package, publishedPackages } from "../pipeline/workspace.ts";

/** Packs every package of the release copy as it will be published. */
export async function pack(release: string, folder: string): Promise<void> {
  for (const one of publishedPackages(release)) {
    await command("pnpm", ["pack", "--out", tarballOf(one, folder)], { cwd: one.folder });
  }
}

export function tarballOf({ name }: Package, folder: string): string {
  return join(folder, `${name.replace("@", "").replace("/", "-")}.tgz`);
}

/** What is published has all that it should, and what it exports can be imported, with types. */
export async function checkTarballs(folder: string): Promise<void> {
  const check = async (one: Package) => {
    const tarball = tarballOf(one, folder);
    demandNone(await contentProblems(tarball));
    await command("publint", ["run", tarball, "--strict"]);
    await command("attw", ["--profile", "esm-only", "--no-color", "--no-emoji", tarball]);
  };
  await twoAtATime(publishedPackages(), ({ name }) => name, check);
}

async function contentProblems(tarball: string): Promise<string[]> {
  const files = (await command("tar", ["-tzf", tarball])).split("\n");
  const manifest = await command("tar", ["-xzOf", tarball, "package/package.json"]);
  const missing = [
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "dist/index.js",
    "dist/index.d.ts",
  ].filter((file) => !files.includes(`package/${file}`));
  const foreign = files.filter(
    (file) => !/^package\/(dist\/|(README|CHANGELOG)\.md$|LICENSE$|package\.json$)/.test(file),
  );
  const internal = ["@sup/source", "workspace:", "catalog:"].filter((text) =>
    manifest.includes(text),
  );
  return [
    ...missing.map((file) => `it is packed without ${file}`),
    ...foreign.map((file) => `it is packed with ${file}`),
    ...internal.map((text) => `the packed package.json contains "${text}"`),
  ];
}
