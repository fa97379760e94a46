import { delimiter, dirname, join } from "node:path";
import { root } from "./folders.mjs";
import { environment } from "./environment.mjs";
import { install } from "./install.mjs";
import { launch } from "./launch.mjs";
import { nodeToRunOn, pnpmToInstallWith } from "./tools.mjs";
import { Trouble } from "./trouble.mjs";

/** @param {readonly string[]} words What follows `node scripts/run.mjs` */
export async function main(words) {
  try {
    const installs = words[0] !== "--no-install";
    const [command, ...args] = installs ? words : words.slice(1);
    if (command === undefined) throw new Trouble("Cannot run: name a command");

    const node = await nodeToRunOn();
    const pnpm = await pnpmToInstallWith();
    const path = [
      dirname(node.binary),
      ...(pnpm === undefined ? [] : [dirname(pnpm)]),
      join(root, "node_modules", ".bin"),
      process.env["PATH"] ?? "",
    ].join(delimiter);
    const env = { ...environment(), PATH: path, SUP_NODE: node.version };

    if (installs) await install(env);
    await launch(command, args, env);
  } catch (error) {
    console.error(error instanceof Trouble ? error.message : error);
    process.exitCode = 1;
  }
}
