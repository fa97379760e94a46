import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ExecActor, type ExecActorOptions } from "../src/index.ts";
import {
  childrenOf,
  expectSoon,
  isAlive,
  membersOf,
  until,
  waitingChildrenOf,
} from "./processes.ts";
import { script } from "./supervised.ts";

interface Parent {
  readonly process: ChildProcess;
  /** Of the process that it started last; its group has the same. */
  readonly pid: () => number;
}

/** A process of its own that runs a script as an actor. */
async function parent(
  text: string,
  options: ExecActorOptions = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<Parent> {
  const child = fork(
    join(import.meta.dirname, "fixtures/parent.ts"),
    [JSON.stringify(options), "/bin/sh", "-c", text],
    {
      execArgv: ["--conditions=@sup/source", "--disable-warning=ExperimentalWarning"],
      env,
      stdio: ["ignore", "pipe", "ignore", "ipc"],
    },
  );
  const pids: number[] = [];
  onTestFinished(() => {
    child.kill("SIGKILL");
    for (const pid of pids) for (const member of membersOf(pid)) process.kill(member, "SIGKILL");
  });
  child.stdout!.setEncoding("utf8").on("data", (told: string) => {
    for (const pid of told.trim().split("\n")) pids.push(Number(pid));
  });
  await until(() => pids.length > 0);
  return { process: child, pid: () => pids.at(-1)! };
}

const deaf = "trap '' INT TERM HUP";
/** A process, and below it one that ignores all that can be ignored and has left its parent. */
const family = `${deaf}; (${deaf}; sleep 1000; :) & echo up; while :; do sleep 1; done`;

/** Where there is no setpriv. */
function folderWithoutSetpriv(): string {
  const folder = mkdtempSync(join(tmpdir(), "sup-exec-path-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const program of ["sleep", "sh"]) symlinkSync(`/bin/${program}`, join(folder, program));
  chmodSync(folder, 0o755);
  return folder;
}

describe("ExecActor's killOnParentExit", () => {
  it.each<[how: string, end: (parent: ChildProcess) => void]>([
    ["is killed by SIGKILL", (parent) => void parent.kill("SIGKILL")],
    ["is ended by SIGTERM", (parent) => void parent.kill("SIGTERM")],
    ["exits", (parent) => void parent.send("exit")],
    ["throws what nobody catches", (parent) => void parent.send("throw")],
  ])("leaves no orphan when the parent %s, not a grandchild either", async (_, end) => {
    const { process, pid } = await parent(family);
    await until(() => membersOf(pid()).length >= 3);
    const guards = childrenOf(process.pid!).filter((child) => child !== pid());
    expect(guards).toHaveLength(1);
    end(process);
    await once(process, "exit");
    await expectSoon(() => membersOf(pid()).length === 0);
    await until(() => !isAlive(guards[0]!));
  });

  it("leaves no orphan of a later life", async () => {
    const { process: parentProcess, pid } = await parent(family);
    const first = pid();
    process.kill(first, "SIGKILL");
    await until(() => pid() !== first);
    parentProcess.kill("SIGKILL");
    await expectSoon(() => membersOf(pid()).length === 0 && membersOf(first).length === 0);
  });

  it("leaves no orphan that runs as another user", async () => {
    const { process, pid } = await parent(family, { uid: 65_534, gid: 65_534 });
    process.kill("SIGKILL");
    await expectSoon(() => membersOf(pid()).length === 0);
  });

  it("has the process killed by the kernel, should the guard be killed with the parent", async () => {
    const { process: parentProcess, pid } = await parent(
      `${deaf}; echo up; while :; do sleep 1; done`,
    );
    parentProcess.kill("SIGSTOP");
    const guards = childrenOf(parentProcess.pid!).filter((child) => child !== pid());
    for (const guard of guards) process.kill(guard, "SIGKILL");
    parentProcess.kill("SIGKILL");
    await expectSoon(() => !isAlive(pid()));
  });

  it("sets up another guard when somebody kills it", async () => {
    const { process: parentProcess, pid } = await parent(family);
    // One that is only just being started may not outlive its parent.
    const guardOf = () => waitingChildrenOf(parentProcess.pid!).find((child) => child !== pid());
    await until(() => guardOf() !== undefined);
    const first = guardOf()!;
    // One that does not last is not replaced at once.
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(first, "SIGKILL");
    await until(() => guardOf() !== undefined && guardOf() !== first);
    parentProcess.kill("SIGKILL");
    await expectSoon(() => membersOf(pid()).length === 0);
  });

  it("goes without setpriv where there is none", async () => {
    const { boundToParent } = await import("../src/lib/orphans/parent-death.ts");
    expect(boundToParent({ program: "a", args: ["b"] })).toEqual({
      program: expect.stringMatching(/\/setpriv$/),
      args: ["--pdeathsig", "KILL", "--", "a", "b"],
    });
    const path = [folderWithoutSetpriv(), "/nowhere"].join(delimiter);
    const { process, pid } = await parent(family, {}, { PATH: path });
    process.kill("SIGKILL");
    await expectSoon(() => membersOf(pid()).length === 0);
  });

  it("leaves the process alone when it is off", async () => {
    const { process: parentProcess, pid } = await parent(`${deaf}; echo up; sleep 1000; :`, {
      killOnParentExit: false,
    });
    expect(childrenOf(parentProcess.pid!)).toEqual([pid()]);
    parentProcess.kill("SIGKILL");
    await once(parentProcess, "exit");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isAlive(pid())).toBe(true);
  });

  it("keeps no guard, and nothing else, beyond the stop", async () => {
    const { process, pid } = await parent("echo up; read x", {});
    process.send("stop");
    await once(process, "disconnect");
    expect(childrenOf(process.pid!)).toEqual([]);
    expect(membersOf(pid())).toEqual([]);
    // Nothing keeps it running.
    await once(process, "exit");
  });

  it("has ended its guard when a stop resolves", async () => {
    const before = childrenOf(process.pid);
    const begun = () => childrenOf(process.pid).filter((child) => !before.includes(child));
    const { root, recorder } = script("read x");
    await recorder.until("ready program");
    expect(begun()).toHaveLength(2);
    await root.stop();
    expect(begun()).toEqual([]);
  });

  it("keeps no guard beyond the end of a life that is not followed by another one", async () => {
    const before = childrenOf(process.pid);
    const { root } = script("exit 1");
    await root.wait();
    await expectSoon(() => childrenOf(process.pid).every((child) => before.includes(child)));
  });

  it("says at construction where it cannot be had, and is off there unless it is asked for", async () => {
    const { platform } = process;
    onTestFinished(() => void Object.defineProperty(process, "platform", { value: platform }));
    Object.defineProperty(process, "platform", { value: "win32" });
    expect(() => new ExecActor("program", "x", [], { killOnParentExit: true })).toThrow(
      new TypeError(
        'Cannot create exec actor "program": `killOnParentExit` cannot be had: Windows has no process groups',
      ),
    );
    expect(() => new ExecActor("program", "x", [], { uid: 1 })).toThrow(
      "`uid` cannot be had on Windows",
    );
    expect(() => new ExecActor("program", "x")).not.toThrow();
  });

  it("leaves no guard behind, and says what the system said, where there were no descriptors for it", async () => {
    const fixture = join(import.meta.dirname, "fixtures/without-descriptors.ts");
    const node = `exec ${process.execPath} --conditions=@sup/source --disable-warning=ExperimentalWarning`;
    const child = spawn("/bin/sh", ["-c", `ulimit -n 100; ${node} ${fixture}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const told = (await child.stdout.toArray()).join("");
    expect(JSON.parse(told)).toEqual({ codes: ["EMFILE"], left: 0 });
  });
});
