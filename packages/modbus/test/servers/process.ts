import { type ChildProcess, spawn } from "node:child_process";

/** Starts a program and waits until it has printed `ready` somewhere; it must be killed by who started it. */
export async function startProcess(
  what: string,
  program: string,
  args: readonly string[],
  { install, ready = "ready" }: { readonly install: string; readonly ready?: string },
): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const why = await new Promise<string | undefined>((resolve) => {
    const listen = (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes(ready)) resolve(undefined);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("close", () => resolve(said.trim().split("\n").at(-1)));
    child.once("error", (error) => resolve(error.message));
  });
  if (why === undefined) return child;
  throw new Error(
    `Cannot start ${what}: ${why}. Install it with: apt-get install -y --no-install-recommends ${install}`,
  );
}
