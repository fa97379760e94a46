import { command } from "../pipeline/command.ts";
import { Finding } from "../pipeline/step.ts";
import { readManifest } from "../pipeline/workspace.ts";
import { root } from "../toolchain/folders.mjs";

/** @throws {Finding} if what would be published is not what the repository holds, or it is not known where that is. */
export async function demandReleasable(): Promise<void> {
  if (readManifest(root)["repository"] === undefined) {
    throw new Finding(
      "Cannot release: `repository` is missing in package.json; CONTRIBUTING.md says what to fill in",
    );
  }
  const changes = await command("git", ["status", "--porcelain"]);
  if (changes !== "") throw new Finding(`Cannot release: this is not committed:\n${changes}`);
}

/** Whether this is a CI that can attest where a package was built: GitHub with `id-token: write`, or GitLab. */
export function canAttest(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(env["ACTIONS_ID_TOKEN_REQUEST_URL"] || env["SIGSTORE_ID_TOKEN"]);
}
