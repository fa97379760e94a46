import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { snippetsOf } from "../checks/snippet.ts";
import { Finding } from "../pipeline/step.ts";
import type { Package } from "../pipeline/workspace.ts";
import { root } from "../toolchain/folders.mjs";

/** A program that uses a package. */
export interface Sample {
  /** Its file, without an extension. */
  readonly name: string;
  readonly code: string;
  readonly isRun: boolean;
  /** What it must print, if that is known. */
  readonly output: string | undefined;
}

/** Those of the package's README, and one that does what needs a counterpart: `scripts/smoke/<package>.ts`. */
export function samplesOf({ folder }: Package, repository: string = root): Sample[] {
  const samples = snippetsOf(readmeIn(folder)).map(({ line, ...rest }) => ({
    name: `readme-${line}`,
    ...rest,
  }));
  const smoke = join(repository, "scripts", "smoke", `${basename(folder)}.ts`);
  if (!existsSync(smoke)) return samples;
  const code = readFileSync(smoke, "utf8");
  return [...samples, { name: "smoke", code, isRun: true, output: undefined }];
}

/** What the README says to install, without `npm install`. */
export function installLineOf({ folder }: Package): string[] | undefined {
  return /^npm install (.+)$/m.exec(readmeIn(folder))?.[1]?.split(" ");
}

function readmeIn(folder: string): string {
  const file = join(folder, "README.md");
  if (!existsSync(file)) throw new Finding("it has no README.md");
  return readFileSync(file, "utf8");
}
