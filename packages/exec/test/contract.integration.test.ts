import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adapterContract } from "@sup/core/testing";
import { describe, it } from "vitest";
import { ExecActor, type ExecActorOptions } from "../src/index.ts";
import { childrenOf } from "./processes.ts";

/** A program that can be taken away, and writes down what it is sent. */
class Installation implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "sup-exec-"));
  readonly program: string = join(this.folder, "program");
  readonly actors: ExecActor[] = [];

  constructor() {
    writeFileSync(this.program, "#!/bin/sh\nexec cat >> received\n");
    chmodSync(this.program, 0o755);
    writeFileSync(join(this.folder, "received"), "");
  }

  get received(): number[] {
    const text = readFileSync(join(this.folder, "received"), "utf8");
    return Array.from(text.matchAll(/^\d+(?= )/gm), ([id]) => Number(id));
  }

  kill(signal: NodeJS.Signals): void {
    for (const { pid } of this.actors) if (pid !== undefined) process.kill(pid, signal);
  }

  remove(): void {
    renameSync(this.program, `${this.program}.gone`);
    this.kill("SIGKILL");
  }

  restore(): void {
    renameSync(`${this.program}.gone`, this.program);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.folder, { recursive: true });
  }
}

/** More than a pipe takes, so that a process that does not read keeps it pending. */
const load = "x".repeat(600_000);

const connectTimeout = 150;

function create(options: Partial<ExecActorOptions>): ExecActor {
  return new ExecActor("program", "true", [], options);
}

const invalid: Record<string, Record<string, unknown>> = {
  "an empty cwd": { cwd: "" },
  "a cwd that is no string": { cwd: 7 },
  "an env that is no object": { env: "A=1" },
  "a variable without a name": { env: { "": "1" } },
  "a variable with = in its name": { env: { "A=B": "1" } },
  "a variable that is no string": { env: { A: 1 } },
  "a variable with a NUL": { env: { A: "1\0" } },
  "an inheritEnv that is no boolean": { inheritEnv: "no" },
  "a stdout that does not exist": { stdout: "pipe" },
  "a stderr that cannot be written": { stderr: {} },
  "a stderr of null": { stderr: null },
  "a signal that does not exist": { stopSignal: "SIGSTOPPLEASE" },
  "a signal by number": { stopSignal: 2 },
  "a negative stopGrace": { stopGrace: -1 },
  "an endless stopGrace": { stopGrace: Infinity },
  "a stopGrace that no timer keeps": { stopGrace: 2_147_483_648 },
  "a stopGrace as text": { stopGrace: "5" },
  "a ready without a way": { ready: {} },
  "a ready with two ways": { ready: { port: 80, uptime: 1 } },
  "a ready that is no object": { ready: 80 },
  "a ready.line that is no pattern": { ready: { line: "listening" } },
  "a ready.port of 0": { ready: { port: 0 } },
  "a ready.port past the last": { ready: { port: 65_536 } },
  "a negative ready.uptime": { ready: { uptime: -1 } },
  "a ready.timeout of 0": { ready: { port: 80, timeout: 0 } },
  "a ready.timeout beside an uptime": { ready: { uptime: 10, timeout: 5 } },
  "a ready.line without lines": { ready: { line: /x/ }, stdout: "inherit", stderr: "ignore" },
  "an onLine without lines": { onLine: () => {}, stdout: "ignore", stderr: "ignore" },
  "successCodes that are no list": { successCodes: 0 },
  "a negative success code": { successCodes: [-1] },
  "half a success code": { successCodes: [0.5] },
  "a maxLineLength of 0": { maxLineLength: 0 },
  "a maxLineLength that no string has": { maxLineLength: 2 ** 29 },
  "a negative uid": { uid: -1 },
  "a gid by name": { gid: "nogroup" },
  "a negative keepLines": { keepLines: -1 },
  "a killOnParentExit that is no boolean": { killOnParentExit: 1 },
  "a negative capacity": { capacity: -1 },
  "an option that there is not": { stopgrace: 100 },
  "a ready with more than a way": { ready: { port: 80, timout: 5 } },
  "an onStart that is no function": { onStart: true },
  "an onLine that is no function": { onLine: {} },
  "an onExit that is no function": { onExit: null },
  "an onError that is no function": { onError: "log" },
};

/** Open pipes and sockets of this process. */
function openPipes(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return /^(pipe|socket):/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}

const contract = adapterContract<ExecActor, Installation>({
  start: async () => new Installation(),
  create(installation, hook) {
    const actor = new ExecActor("program", "./program", [], {
      cwd: installation.folder,
      ...(hook && { onStart: hook, onLine: hook, onExit: hook, onError: hook }),
    });
    installation.actors.push(actor);
    return actor;
  },
  createUnanswered: () =>
    new ExecActor("program", "sleep", ["1000"], {
      ready: { line: /never/, timeout: connectTimeout },
    }),
  connectTimeout,
  disconnect: (installation) => installation.kill("SIGKILL"),
  refuse: (installation) => installation.remove(),
  accept: (installation) => installation.restore(),
  resources: () => ({
    processes: childrenOf(process.pid).length,
    pipes: openPipes(),
    timers: process.getActiveResourcesInfo().filter((type) => type === "Timeout").length,
    "listeners on the process": process
      .eventNames()
      .reduce((sum, name) => sum + process.listenerCount(name), 0),
  }),
  requests: {
    send: (actor, id, options) => actor.write(`${id} ${load}\n`, options),
    received: ({ received }) => received,
    hold: (installation) => installation.kill("SIGSTOP"),
  },
  invalid: {
    ...Object.fromEntries(
      Object.entries(invalid).map(([what, options]) => [what, () => create(options)]),
    ),
    "no name": () => new ExecActor("", "true"),
    "no program": () => new ExecActor("program", undefined as never),
    "an empty program": () => new ExecActor("program", ""),
    "a program with a NUL": () => new ExecActor("program", "tr\0ue"),
    "arguments that are no list": () => new ExecActor("program", "true", "-v" as never),
    "an argument that is no string": () => new ExecActor("program", "true", [1] as never),
    "an argument with a NUL": () => new ExecActor("program", "true", ["a\0b"]),
    "options that are no object": () => new ExecActor("program", "true", [], null as never),
  },
});

describe("ExecActor, as every adapter", () => {
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract has titles and checks of its own
  for (const { name, run } of contract) it(name, run, 120_000);
});
