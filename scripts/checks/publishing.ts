import { cpSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { command } from "../pipeline/command.ts";
import { demandNone } from "../pipeline/step.ts";
import { type Manifest, publishedPackages, readManifest } from "../pipeline/workspace.ts";
import { startRegistry } from "../release/registry.ts";
import { root } from "../toolchain/folders.mjs";

/**
 * `npm run release -- --publish`, in a copy of the repository and to a registry of its own: publishes and tags each
 * package as the changesets say, and publishes nothing the second time.
 *
 * @param release The copy that was versioned, which tells what is to come.
 */
export async function checkPublishing(release: string, folder: string): Promise<string> {
  await using registry = await startRegistry();
  const repository = join(folder, "repository");
  await copyRepository(repository);
  registry.serve(repository);
  await git(repository, "add", ".");
  await git(repository, "commit", "--quiet", "--message=as it is");

  const publish = () => command("node", ["scripts/release.ts", "--publish"], own(repository));
  const expected = publishedPackages(release).map(({ manifest }) => titleOf(manifest));
  await publish();
  const problems = [
    ...differences("publish", expected, registry.published().map(titleOf)),
    ...differences("tag", expected, await tagsOf(repository)),
    ...registry.published().flatMap(repositoryProblems),
  ];
  await publish();
  const again = registry.published().map(titleOf);
  problems.push(...differences("publish the second time", expected, again));
  const left = await git(repository, "status", "--porcelain");
  if (left !== "") problems.push(`it leaves uncommitted:\n${left}`);
  demandNone(problems);
  return `${expected.length} packages`;
}

/** With all that is not committed, as it is what is tested. */
async function copyRepository(folder: string): Promise<void> {
  const made = /^(\.git|\.tools|\.turbo|\.snippets-\d+|node_modules|dist|coverage)$/;
  cpSync(root, folder, { recursive: true, filter: (path) => !made.test(basename(path)) });
  const manifest = { ...readManifest(root), repository: somewhere };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, undefined, 2));
  await command("pnpm", ["install", "--frozen-lockfile", "--prefer-offline", ...quick], {
    cwd: folder,
  });
  await git(folder, "init", "--quiet");
}

const somewhere = { type: "git", url: "git+https://example.org/sup.git" };
const quick = ["--config.minimumReleaseAge=0"];

/** As somebody who has told git a name, and signs nothing. */
function git(cwd: string, ...args: readonly string[]): Promise<string> {
  return command("git", args, own(cwd));
}

function own(cwd: string): { cwd: string; env: Record<string, string> } {
  const name = "test";
  const email = "test@example.org";
  return {
    cwd,
    env: {
      // Nothing is attested, also where a CI could.
      ACTIONS_ID_TOKEN_REQUEST_URL: "",
      SIGSTORE_ID_TOKEN: "",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    },
  };
}

async function tagsOf(repository: string): Promise<string[]> {
  return (await git(repository, "tag")).split("\n").filter((tag) => tag !== "");
}

function titleOf({ name, version }: Manifest): string {
  return `${name}@${version}`;
}

function differences(
  verb: string,
  expected: readonly string[],
  actual: readonly string[],
): string[] {
  return [
    ...expected.filter((one) => !actual.includes(one)).map((one) => `it does not ${verb} ${one}`),
    ...actual.filter((one) => !expected.includes(one)).map((one) => `it does ${verb} ${one}`),
  ];
}

/** An attestation names the repository, and the registry compares. */
function repositoryProblems({ name, repository }: Manifest): string[] {
  const directory = name.replace("@sup/", "packages/");
  if (isDeepStrictEqual(repository, { ...somewhere, directory })) return [];
  return [`it publishes ${name} with \`repository\` ${JSON.stringify(repository)}`];
}
