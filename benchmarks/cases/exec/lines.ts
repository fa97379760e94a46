import { spawn } from "node:child_process";
import { Supervisor } from "@sup/core";
import { ExecActor } from "@sup/exec";
import type { Workload } from "../../lib/bench-case.ts";

const text = "0123456789".repeat(8).slice(1);

/** A process that writes so many lines of 80 bytes as fast as it can, and ends. */
function writer(lines: number): readonly [string, string[]] {
  return ["/bin/sh", ["-c", `yes ${text} | head -n ${lines}`]];
}

/** Chunks are decoded, cut at LF, and each line is handed on with its stream: the least that can be done. */
function readPipe(lines: number, take: (line: BareLine) => void): Promise<void> {
  const { stdout } = spawn(...writer(lines), { stdio: ["ignore", "pipe", "inherit"] });
  stdout.setEncoding("utf8");
  let rest = "";
  stdout.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    for (const line of parts) take({ stream: "stdout", line });
  });
  return new Promise((resolve) => stdout.once("close", resolve));
}

interface BareLine {
  readonly stream: "stdout" | "stderr";
  readonly line: string;
}

export function linesFromPipe(): Workload {
  return {
    async sample(operations) {
      const sum = new Sum();
      await readPipe(operations, (line) => sum.add(line));
      sum.check(operations);
    },
  };
}

export function linesByActor(): Workload {
  return {
    async sample(operations) {
      const sum = new Sum();
      const onLine = (line: BareLine) => sum.add(line);
      const actor = new ExecActor("writer", ...writer(operations), { stderr: "inherit", onLine });
      await live(actor);
      sum.check(operations);
    },
  };
}

/** What a loop over lines costs without backpressure: each chunk is split, and its lines are yielded. */
export function linesIterated(): Workload {
  return {
    async sample(operations) {
      const sum = new Sum();
      for await (const line of iteratePipe(operations)) sum.add(line);
      sum.check(operations);
    },
  };
}

async function* iteratePipe(lines: number): AsyncGenerator<BareLine> {
  const { stdout } = spawn(...writer(lines), { stdio: ["ignore", "pipe", "inherit"] });
  stdout.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stdout as AsyncIterable<string>) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    for (const line of parts) yield { stream: "stdout", line };
  }
}

export function linesByIterator(): Workload {
  return {
    async sample(operations) {
      const sum = new Sum();
      const actor = new ExecActor("writer", ...writer(operations), { stderr: "inherit" });
      const lines = actor.lines();
      const life = live(actor);
      for await (const line of lines) sum.add(line);
      await life;
      sum.check(operations);
    },
  };
}

async function live(actor: ExecActor): Promise<void> {
  const root = new Supervisor("root", { actors: [actor] });
  root.start();
  await root.wait();
}

class Sum {
  #lines = 0;
  #length = 0;

  add({ line }: BareLine): void {
    this.#lines++;
    this.#length += line.length;
  }

  check(lines: number): void {
    if (this.#lines === lines && this.#length === lines * text.length) return;
    throw new Error(
      `Cannot accept the result: ${this.#lines} lines of ${this.#length} characters, not ${lines}`,
    );
  }
}
