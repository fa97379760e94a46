import { main } from "@sup/core";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("main/program.ts", import.meta.url));

type Running = ChildProcessByStdio<null, Readable, Readable>;

const running: Running[] = [];

afterEach(() => {
  for (const process of running.splice(0)) process.kill("SIGKILL");
});

/** A process that plays a scene of `main/program.ts`; its standard input is closed. */
class Program {
  readonly #process: Running;
  stdout = "";
  stderr = "";

  constructor(scene: string) {
    const flags = ["--conditions=@sup/source", "--disable-warning=ExperimentalWarning"];
    const command = [process.execPath, ...flags, program, scene];
    this.#process = spawn("sh", ["-c", 'exec "$@" <&-', "sh", ...command], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(this.#process);
    this.#process.stdout.on("data", (text) => (this.stdout += String(text)));
    this.#process.stderr.on("data", (text) => (this.stderr += String(text)));
  }

  async says(line: string): Promise<void> {
    while (!this.stdout.includes(`${line}\n`)) await once(this.#process.stdout, "data");
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** The exit code, or the signal that ended it. */
  async exit(): Promise<number | string> {
    const [code, signal] = (await once(this.#process, "close")) as [number | null, string | null];
    return code ?? signal ?? "nothing";
  }
}

describe("main", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "stops the root in order and exits with 0 on %s",
    async (signal) => {
      const scene = new Program("orderly");
      await scene.says("c started");
      scene.signal(signal);
      expect(await scene.exit()).toBe(0);
      expect(scene.stdout.split("\n")).toEqual([
        "a started",
        "b started",
        "c started",
        "c stopped",
        "b stopped",
        "a stopped",
        "after main: 0 listeners",
        "left at once",
        "",
      ]);
      expect(scene.stderr).toBe("");
    },
  );

  it("exits with 1 and tells the error with its cause when the root fails", async () => {
    const scene = new Program("failing");
    expect(await scene.exit()).toBe(1);
    expect(scene.stderr).toMatch(/RestartLimitError.*"failing"/s);
    expect(scene.stderr).toContain("the device is on fire");
    expect(scene.stdout).toBe("a started\na stopped\nafter main: 0 listeners\nleft at once\n");
  });

  it.each([
    ["SIGINT", "SIGINT", 130],
    ["SIGTERM", "SIGTERM", 143],
    ["SIGTERM", "SIGINT", 130],
  ] as const)("exits at once when %s is followed by %s", async (first, second, code) => {
    const scene = new Program("slow");
    await scene.says("slow started");
    scene.signal(first);
    // The first one must have been seen: equal signals that are pending merge into one.
    const again = setInterval(() => scene.signal(second), 50);
    expect(await scene.exit()).toBe(code);
    clearInterval(again);
    expect(scene.stdout).toBe("slow started\n");
  });

  it("takes a signal that a launcher passes on once more for one", async () => {
    const scene = new Program("echo");
    await scene.says("launched started");
    scene.signal("SIGTERM");
    expect(await scene.exit()).toBe(0);
    expect(scene.stdout).toContain("launched stopped\n");
  });

  it("exits though an actor that was left behind holds the loop", async () => {
    const scene = new Program("stubborn");
    await scene.says("stubborn started");
    scene.signal("SIGTERM");
    expect(await scene.exit()).toBe(0);
    expect(scene.stdout).toContain("a stopped\nafter main: 0 listeners\n");
  });

  it("exits with 1 when the root fails though an actor that was left behind holds the loop", async () => {
    const scene = new Program("failing and stubborn");
    expect(await scene.exit()).toBe(1);
    expect(scene.stderr).toContain("the device is on fire");
  });

  it("keeps the process open for actors that only wait for messages", async () => {
    const scene = new Program("idle");
    await scene.says("idle started");
    scene.signal("SIGTERM");
    expect(await scene.exit()).toBe(0);
    expect(scene.stdout).toContain("idle stopped");
    expect(scene.stderr).toBe("");
  });

  it("resolves when the root ends by itself, and lets the process end with 0", async () => {
    const scene = new Program("ending");
    expect(await scene.exit()).toBe(0);
    expect(scene.stdout).toBe("short started\nafter main: 0 listeners\nleft at once\n");
    expect(scene.stderr).toBe("");
  });

  it("heeds the signals that it is told to, and no others", async () => {
    const heeding = new Program("on SIGHUP");
    await heeding.says("a started");
    heeding.signal("SIGHUP");
    expect(await heeding.exit()).toBe(0);
    expect(heeding.stdout).toContain("a stopped");

    const deaf = new Program("on SIGHUP");
    await deaf.says("a started");
    deaf.signal("SIGTERM");
    expect(await deaf.exit()).toBe("SIGTERM");
    expect(deaf.stdout).not.toContain("a stopped");
  });

  it.each([undefined, null, "root"])("refuses %s in place of a root", async (root) => {
    await expect(main(root as never)).rejects.toThrow(
      /^Cannot run main: `root` must be a Supervisor, got /,
    );
  });

  it("rejects when the root cannot be started", async () => {
    const scene = new Program("running");
    expect(await scene.exit()).toBe(1);
    expect(scene.stderr).toContain('Cannot start supervisor "root": it is already running');
    expect(scene.stdout).toBe("a started\n");
  });
});
