import { once } from "node:events";
import { Supervisor } from "@sup/core";
import { ExecActor } from "@sup/exec";
import { execa } from "execa";
import type { Workload } from "../../lib/bench-case.ts";

export function spawnsByExeca(): Workload {
  return {
    async sample(operations) {
      for (let count = 0; count < operations; count++) {
        const subprocess = execa("true", { buffer: false, stdin: "pipe", detached: true });
        await once(subprocess.nodeChildProcess, "exit");
        const { exitCode } = await subprocess;
        if (exitCode !== 0) throw new Error(`Cannot accept the result: exit code ${exitCode}`);
      }
    },
  };
}

/** An actor for each, beside one that stays, under a supervisor. */
export function spawnsByActor(): Workload {
  const jobs = new Supervisor("jobs", { policy: "temporary" });
  jobs.start();
  jobs.spawn(new ExecActor("stays", "sleep", ["1000"]));
  return {
    async sample(operations) {
      for (let count = 0; count < operations; count++) {
        const error = await jobs.spawn(new ExecActor("true", "true")).done;
        if (error !== undefined) throw error;
      }
    },
    close: () => jobs.stop(),
  };
}
