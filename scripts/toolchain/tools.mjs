import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { environment } from "./environment.mjs";
import { root } from "./folders.mjs";
import { bring, brought } from "./registry-package.mjs";
import { builds, releases } from "./releases.mjs";
import { Trouble } from "./trouble.mjs";

/** @typedef {{ version: string, binary: string }} Node */

/**
 * This process's Node where it runs TypeScript as it is (22.18, 24.11 and 26 do), else 24.
 *
 * @returns {Promise<Node>}
 */
export async function nodeToRunOn() {
  return fits(process.versions.node) ? current() : nodeOf(24);
}

/**
 * A Node of this major: this process's, if it is one.
 *
 * @param {keyof typeof releases.node} major
 * @returns {Promise<Node>}
 */
export async function nodeOf(major) {
  const { node } = process.versions;
  if (fits(node) && node.startsWith(`${major}.`)) return current();
  const version = releases.node[major];
  return { version, binary: await binaryOf("node", version) };
}

/**
 * The binary of pnpm 12; `undefined` where the one on the PATH is that.
 *
 * @returns {Promise<string | undefined>}
 */
export async function pnpmToInstallWith() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = manifest.packageManager.slice("pnpm@".length);
  const there = binaryThere("pnpm", version);
  if (there !== undefined) return there;
  if ((await pnpmOnPath())?.startsWith("12.")) return undefined;
  return binaryOf("pnpm", version);
}

export const bun = () => binaryOf("bun", releases.bun);
export const deno = () => binaryOf("deno", releases.deno);

/** @param {string} version */
function fits(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major === 26;
}

/** @returns {Node} */
function current() {
  return { version: process.versions.node, binary: process.execPath };
}

/** Asked from the home folder, where no `packageManager` makes pnpm answer for another version than its own. */
async function pnpmOnPath() {
  try {
    const options = { cwd: homedir(), env: environment() };
    const { stdout } = await promisify(execFile)("pnpm", ["--version"], options);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/**
 * @param {keyof typeof builds} tool
 * @param {string} version
 */
async function binaryOf(tool, version) {
  const there = binaryThere(tool, version);
  if (there !== undefined) return there;
  const { title, binary } = builds[tool];
  const name = packageOf(tool);
  if (name === undefined || isMusl()) {
    const where = name === undefined ? platform : `${platform} without glibc`;
    throw new Trouble(
      `Cannot bring ${title} ${version}: there is none for ${where}, so it must be installed by hand`,
    );
  }
  return join(await bring(name, version, `${title} ${version}`), binary);
}

/**
 * @param {keyof typeof builds} tool
 * @param {string} version
 */
function binaryThere(tool, version) {
  const name = packageOf(tool);
  const folder = name === undefined ? undefined : brought(name, version);
  return folder === undefined ? undefined : join(folder, builds[tool].binary);
}

const platform = `${process.platform}-${process.arch}`;

/**
 * @param {keyof typeof builds} tool
 * @returns {string | undefined}
 */
function packageOf(tool) {
  /** @type {Record<string, string>} */
  const packages = builds[tool].packages;
  return packages[platform];
}

function isMusl() {
  if (process.platform !== "linux") return false;
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  return report.header.glibcVersionRuntime === undefined;
}
