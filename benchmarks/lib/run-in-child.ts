import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ChildJob, ChildResult } from "./child-job.ts";

const entry = fileURLToPath(new URL("./child.ts", import.meta.url));
const timeLimit = 180_000;

/** Runs cases in a fresh process. */
export async function runInChild(
  job: ChildJob,
  nodeFlags: readonly string[] = [],
): Promise<ChildResult> {
  const child = fork(entry, [JSON.stringify(job)], {
    execArgv: ["--conditions=@sup/source", ...nodeFlags],
    signal: AbortSignal.timeout(timeLimit),
    killSignal: "SIGKILL",
  });
  let result: ChildResult | undefined;
  child.on("message", (message) => {
    result = message as ChildResult;
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (result === undefined) {
    throw new Error(
      `Cannot measure ${job.group}: ${job.cases.join(", ")}: its process ended with ${code ?? signal} and no result`,
    );
  }
  return result;
}
