import { readFile, writeFile } from "node:fs/promises";

const readme = new URL("../README.md", import.meta.url);

/** Puts a rendered report between its markers. */
export async function writeIntoReadme(name: string, rendered: string): Promise<void> {
  const text = await readFile(readme, "utf8");
  await writeFile(readme, replaceBetweenMarkers(text, `bench:${name}`, rendered));
}

/** @throws `RangeError` when the text has no such markers. */
export function replaceBetweenMarkers(text: string, name: string, rendered: string): string {
  const begin = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0)
    throw new RangeError(`Cannot write "${name}": no ${begin} … ${end} in the page`);
  return `${text.slice(0, from + begin.length)}\n\n${rendered}\n\n${text.slice(to)}`;
}
