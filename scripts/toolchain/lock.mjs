import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { toolsFolder } from "./folders.mjs";

const file = join(toolsFolder, "lock");

/**
 * Does the work while no other run of this repository's commands brings or installs anything.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(work) {
  mkdirSync(toolsFolder, { recursive: true });
  let waited = false;
  while (!take()) {
    if (!waited) console.error("Waiting for another run, which is installing …");
    waited = true;
    await setTimeout(100);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take() {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
  if (isAbandoned()) rmSync(file, { force: true });
  return false;
}

function isAbandoned() {
  try {
    // A process id may have gone to another process since; nothing here takes that long.
    if (Date.now() - statSync(file).mtimeMs > 15 * 60_000) return true;
    const holder = Number(readFileSync(file, "utf8"));
    if (holder === process.pid) return true;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return hasCode(error, "ESRCH");
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
