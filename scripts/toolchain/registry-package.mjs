import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { environment } from "./environment.mjs";
import { toolsFolder } from "./folders.mjs";
import { withLock } from "./lock.mjs";
import { output } from "./output.mjs";
import { Trouble } from "./trouble.mjs";

/**
 * Brings a package from the npm registry into the tools folder, without its install scripts.
 *
 * @param {string} name
 * @param {string} version
 * @param {string} title What its reader knows it as
 * @returns {Promise<string>} The package's folder
 */
export async function bring(name, version, title) {
  return withLock(async () => {
    const there = brought(name, version);
    if (there !== undefined) return there;

    console.error(`Bringing ${title} …`);
    const home = homeOf(name, version);
    const partial = `${home}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await npmInstall(`${name}@${version}`, partial, title);
    // Whole or not there: what stands under its own name is complete, also after a kill or a power cut.
    await rename(partial, home);
    return join(home, "node_modules", name);
  });
}

/**
 * @param {string} name
 * @param {string} version
 * @returns {string | undefined} The package's folder, if it is there
 */
export function brought(name, version) {
  const folder = join(homeOf(name, version), "node_modules", name);
  return existsSync(folder) ? folder : undefined;
}

/**
 * @param {string} name
 * @param {string} version
 */
function homeOf(name, version) {
  return join(toolsFolder, `${name.replace("/", "+")}@${version}`);
}

/**
 * @param {string} what
 * @param {string} folder
 * @param {string} title
 */
async function npmInstall(what, folder, title) {
  const flags = ["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"];
  const patience = [
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=4000",
  ];
  const args = ["install", "--prefix", folder, ...flags, ...patience, "--loglevel=error", what];
  const { code, text } = await output("npm", args, { cwd: folder, env: environment() });
  if (code === 0) return;
  if (code === undefined) throw new Trouble(`Cannot bring ${title}: npm is not on the PATH`);
  throw new Trouble(
    isUnreachable(text)
      ? `Cannot bring ${title}: the npm registry cannot be reached, and the first run needs it`
      : `Cannot bring ${title}: npm install ${what} failed\n${text}`,
  );
}

/** @param {string} text What npm or pnpm said */
export function isUnreachable(text) {
  return /\b(E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|NETUNREACH|HOSTUNREACH|TIMEDOUT)|ERR_SOCKET_TIMEOUT|error sending request)\b/.test(
    text,
  );
}
