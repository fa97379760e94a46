import { spawn } from "node:child_process";

/**
 * Runs a command to its end and gives all that it wrote; `code` is `undefined` where there is no such command.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<{ code: number | undefined, text: string }>}
 */
export function output(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    /** @param {string} chunk */
    const add = (chunk) => (text += chunk);
    child.stdout?.setEncoding("utf8").on("data", add);
    child.stderr?.setEncoding("utf8").on("data", add);
    child.on("close", (code) => resolve({ code: code ?? 1, text: text.trim() }));
    child.on("error", (error) => {
      if ("code" in error && error.code === "ENOENT") resolve({ code: undefined, text: "" });
      else reject(error);
    });
  });
}
