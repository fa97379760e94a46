import { readdir } from "node:fs/promises";
import type { BenchGroup } from "./bench-case.ts";

const folder = new URL("../cases/", import.meta.url);

/** The names of all groups: the files of `cases/`. */
export async function groupNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort();
}

/** @throws `RangeError` when there is no such group. */
export async function loadGroup(name: string): Promise<BenchGroup> {
  const names = await groupNames();
  if (!names.includes(name)) {
    throw new RangeError(
      `Cannot load benchmark group ${JSON.stringify(name)}: there are ${names.join(", ")}`,
    );
  }
  const file = (await import(new URL(`${name}.ts`, folder).href)) as { group: BenchGroup };
  return file.group;
}
