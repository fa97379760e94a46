import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Package } from "../pipeline/workspace.ts";

/** What the changelogs say of the packages that have got another version. */
export function news(before: readonly Package[], after: readonly Package[]): string {
  const changed = after.filter(({ name, manifest }) =>
    before.every((one) => one.name !== name || one.manifest.version !== manifest.version),
  );
  if (changed.length === 0) return "There is no changeset: nothing is to be released.";
  return changed
    .map((one) => `${one.name} ${one.manifest.version}\n\n${latestEntry(one)}`)
    .join("\n\n\n");
}

/** The part of the changelog below the heading of its newest version. */
function latestEntry({ folder }: Package): string {
  const file = join(folder, "CHANGELOG.md");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return (text.split(/^## .+$/m)[1] ?? "").trim();
}
