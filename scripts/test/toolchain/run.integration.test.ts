import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../toolchain/folders.mjs";

/** `node scripts/run.mjs node -e code`, when it has written `ready`. */
async function start(code: string) {
  const args = [join(root, "scripts", "run.mjs"), "--no-install", "node", "-e", code];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  const ready = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      if (output.includes("ready")) resolve();
    });
  });
  const closed = once(child, "close").then(([exitCode]) => ({
    exitCode: exitCode as unknown,
    output,
  }));
  await Promise.race([ready, closed]);
  return { child, closed };
}

/** Says each signal that it gets, and ends with 7 after the first. */
const polite = `
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => { console.log(signal); setTimeout(() => process.exit(7), 50); });
  }
  setInterval(() => {}, 1000);
  console.log("ready");
`;

describe("run.mjs", () => {
  it("ends with the exit code of the command", async () => {
    const { closed } = await start("process.exit(8)");
    expect(await closed).toEqual({ exitCode: 8, output: "" });
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "passes %s on once, and waits for the command to end",
    async (signal) => {
      const { child, closed } = await start(polite);
      child.kill(signal);
      expect(await closed).toEqual({ exitCode: 7, output: `ready\n${signal}\n` });
    },
  );

  it("ends as a shell would when a signal killed the command", async () => {
    const { closed } = await start('process.kill(process.pid, "SIGKILL")');
    expect(await closed).toEqual({ exitCode: 137, output: "" });
  });

  it("gives the command the Node that it chose", async () => {
    const { closed } = await start("console.log(process.env.SUP_NODE === process.versions.node)");
    expect(await closed).toEqual({ exitCode: 0, output: "true\n" });
  });
});
