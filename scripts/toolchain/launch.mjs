import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "./folders.mjs";
import { Trouble } from "./trouble.mjs";

/**
 * Runs the command in this process's place: its input, output, signals and exit code are this one's.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} env
 */
export async function launch(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  // A terminal sends Ctrl-C to the child as well, and a second one would mean "at once".
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on("SIGINT", () => atTerminal || child.kill("SIGINT"));

  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Trouble(`Cannot run ${command}: ${error.message}`)));
    child.on("close", (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]),
    );
  });
}
