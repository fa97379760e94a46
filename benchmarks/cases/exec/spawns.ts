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

/** One actor that is restarted as often, which is what a supervisor does. */
export function spawnsByActor(): Workload {
  return {
    async sample(operations) {
      let lives = 0;
      const actor = new ExecActor("true", "true");
      const root = new Supervisor("root", {
        policy: "permanent",
        restartDelay: 0,
        actors: [actor],
        observer: {
          onActorStopped() {
            if (++lives === operations) void root.stop();
          },
        },
      });
      root.start();
      await root.wait();
      if (lives < operations) throw new Error(`Cannot accept the result: ${lives} lives`);
    },
  };
}
