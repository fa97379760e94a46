import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActorStoppedError } from "@sup/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { ExecActor, ExecExitError, ExecSpawnError, ExecWriteError } from "../src/index.ts";
import { isHalted, until } from "./processes.ts";
import { failure, nodeScript, script, supervised } from "./supervised.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "sup-exec-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return realpathSync(path);
}

function file(path: string, text: string, mode = 0o755): string {
  writeFileSync(path, text, { mode });
  return path;
}

const texts = (lines: readonly { line: string }[]) => lines.map(({ line }) => line);

describe("ExecActor", () => {
  it("runs the program in its directory with its arguments and environment", async () => {
    const cwd = folder();
    const { root, lines, crashes } = script(
      'pwd; echo "$GIVEN-$GONE-$INHERITED"',
      {
        cwd,
        env: { GIVEN: "a b", GONE: undefined },
      },
      {},
    );
    await root.wait();
    expect(texts(lines)).toEqual([cwd, "a b--"]);
    expect(crashes).toEqual([]);
  });

  it("adds to the environment of this process, or replaces it", async () => {
    process.env["SUP_EXEC_TEST"] = "inherited";
    onTestFinished(() => void delete process.env["SUP_EXEC_TEST"]);
    const text = "echo $SUP_EXEC_TEST,$OWN";
    const added = script(text, { env: { OWN: "own" } });
    const replaced = script(text, { env: { OWN: "own" }, inheritEnv: false });
    const removed = script(text, { env: { SUP_EXEC_TEST: undefined } });
    await Promise.all([added, replaced, removed].map(({ root }) => root.wait()));
    expect(texts([...added.lines, ...replaced.lines, ...removed.lines])).toEqual([
      "inherited,own",
      ",own",
      ",",
    ]);
  });

  it("passes arguments as they are, through no shell", async () => {
    const args = ["--", "$HOME", "a  b", "", "*", "'", "é\n"];
    const { root, lines } = supervised(process.execPath, [
      "-e",
      "console.log(JSON.stringify(process.argv.slice(1)))",
      ...args,
    ]);
    await root.wait();
    expect(JSON.parse(lines[0]!.line)).toEqual(args.slice(1));
  });

  it("has the pid of the process, which leads a group of its own, while there is one", async () => {
    const { actor, wrote, root, lines } = script(
      "ps -o pid=,pgid= -p $$ | tr -s ' '; echo told; read x",
    );
    expect(actor.pid).toBeUndefined();
    await wrote("told");
    expect(lines[0]!.line.trim()).toBe(`${actor.pid} ${actor.pid}`);
    await actor.write("\n");
    await root.wait();
    expect(actor.pid).toBeUndefined();
  });

  it("ends cleanly with a success code, and so is not started again under transient", async () => {
    const { root, crashes, recorder } = script(
      "exit 3",
      { successCodes: [0, 3] },
      { policy: "transient" },
    );
    await root.wait();
    expect(crashes).toEqual([]);
    expect(recorder.lines).toContain("stopped program");
    expect(recorder.lines.some((line) => line.startsWith("restarting"))).toBe(false);
  });

  it("crashes with command, exit code, duration and last lines", async () => {
    const { root, crashes, exits } = script("seq 1 50; echo broken >&2; exit 7", { keepLines: 3 });
    await root.wait();
    const [crash] = crashes as [ExecExitError];
    expect(crash).toBeInstanceOf(ExecExitError);
    expect(crash).toMatchObject({
      code: "EXEC_EXIT",
      retryable: true,
      command: '/bin/sh -c "seq 1 50; echo broken >&2; exit 7"',
      exitCode: 7,
      signal: undefined,
    });
    expect(crash.duration).toBeGreaterThan(0);
    expect(crash.duration).toBe(exits[0]!.duration);
    expect(crash.lastLines).toHaveLength(3);
    expect(crash.lastLines).toContainEqual({ stream: "stderr", line: "broken", truncated: false });
    expect(texts(crash.lastLines)).toContain("50");
    expect(crash.message).toMatch(
      /^Cannot keep \/bin\/sh .* running: it exited with code 7 after \d+ ms; its last line was /,
    );
  });

  it("crashes when 0 is no success code", async () => {
    const { root, crashes } = script("exit 0", { successCodes: [1] });
    await root.wait();
    expect(crashes).toMatchObject([{ code: "EXEC_EXIT", exitCode: 0 }]);
  });

  it("crashes with the signal that ended the process", async () => {
    const { root, crashes, exits } = script("kill -TERM $$");
    await root.wait();
    expect(crashes).toMatchObject([{ exitCode: undefined, signal: "SIGTERM", lastLines: [] }]);
    expect(crashes[0]!.message).toContain("was ended by SIGTERM");
    expect(exits).toMatchObject([{ exitCode: undefined, signal: "SIGTERM" }]);
  });

  it("is restarted until the supervisor gives up", async () => {
    const { root, crashes, recorder, exits } = script(
      "echo storm; exit 1",
      {},
      {
        policy: "permanent",
        restartDelay: 0,
        restartLimit: { maxRestarts: 20, window: 60_000 },
      },
    );
    await root.wait();
    expect(crashes).toHaveLength(21);
    expect(exits).toHaveLength(21);
    expect(recorder.lines.at(-1)).toMatch(/Cannot restart "program".*21 restarts/);
  });

  it("names a missing program, looked for in PATH or at its path", async () => {
    const cwd = folder();
    for (const [program, options, named] of [
      ["no-such-program", {}, 'no directory of PATH has "no-such-program"'],
      ["sh", { env: { PATH: "/nowhere" } }, 'no directory of PATH has "sh"'],
      ["./no-such-program", { cwd }, join(cwd, "no-such-program")],
    ] as const) {
      const { root, crashes } = supervised(program, ["-v"], options);
      await root.wait();
      expect(crashes).toMatchObject([
        { code: "EXEC_NOT_FOUND", retryable: false, command: `${program} -v` },
      ]);
      expect(crashes[0]).toBeInstanceOf(ExecSpawnError);
      expect(crashes[0]!.message).toContain(`Cannot start ${program} -v: `);
      expect(crashes[0]!.message).toContain(named);
    }
  });

  it("says where arguments belong when a missing program has a space in its name", async () => {
    const cwd = folder();
    const hint = "arguments belong in the list, not in the program's name";
    for (const [program, why] of [
      ["ls -la", 'no directory of PATH has "ls -la"'],
      ["./run --port 80", `the program ${JSON.stringify(join(cwd, "run --port 80"))} is missing`],
    ] as const) {
      const { root, crashes } = supervised(program, [], { cwd });
      await root.wait();
      expect(crashes.map(({ message }) => message)).toEqual([
        `Cannot start ${JSON.stringify(program)}: ${why}; ${hint}`,
      ]);
    }
  });

  it("runs a program that has a space in its name", async () => {
    const cwd = folder();
    file(join(cwd, "my program"), "#!/bin/sh\necho ran\n");
    const { root, lines } = supervised("./my program", [], { cwd });
    await root.wait();
    expect(texts(lines)).toEqual(["ran"]);
  });

  it("finds a program relative to its directory, and in a relative directory of PATH", async () => {
    const cwd = folder();
    file(join(cwd, "here"), "#!/bin/sh\necho found\n");
    for (const { root, lines } of [
      supervised("./here", [], { cwd }),
      supervised("here", [], { cwd, env: { PATH: "." } }),
    ]) {
      await root.wait();
      expect(texts(lines)).toEqual(["found"]);
    }
  });

  it("shows no more of a long command than people read, also of one that is too long for the system", async () => {
    const { root, crashes } = supervised("/bin/echo", ["x".repeat(3_000_000)]);
    await root.wait();
    const { message, command } = crashes[0] as Error & { command: string };
    expect(command).toBe(`/bin/echo ${"x".repeat(990)}…`);
    expect(message).toContain("E2BIG");
    expect(crashes).toMatchObject([{ code: "EXEC_SPAWN", retryable: false }]);
    expect(message.length).toBeLessThan(1_300);
  });

  it("names a directory that is missing or none", async () => {
    const cwd = file(join(folder(), "file"), "");
    for (const bad of ["/no/such/directory", cwd]) {
      const { root, crashes } = supervised("true", [], { cwd: bad });
      await root.wait();
      expect(crashes).toMatchObject([{ code: "EXEC_BAD_DIRECTORY", retryable: false }]);
      expect(crashes[0]!.message).toContain(bad);
    }
  });

  it("names a program that may not be run", async () => {
    const cwd = folder();
    file(join(cwd, "plain"), "#!/bin/sh\n", 0o644);
    for (const [program, named] of [
      ["./plain", join(cwd, "plain")],
      [cwd, cwd],
    ] as const) {
      const { root, crashes } = supervised(program, [], { cwd });
      await root.wait();
      expect(crashes).toMatchObject([{ code: "EXEC_NO_PERMISSION", retryable: false }]);
      expect(crashes[0]!.message).toContain(named);
    }
  });

  it.each([true, false])(
    "names a program whose interpreter is missing, with killOnParentExit %s",
    async (killOnParentExit) => {
      const program = file(join(folder(), "script"), "#!/no/such/interpreter\n");
      const { root, crashes } = supervised(program, [], { killOnParentExit });
      await root.wait();
      expect(crashes).toMatchObject([{ code: "EXEC_NOT_FOUND" }]);
      expect(crashes[0]!.message).toContain(program);
    },
  );

  it("takes exit code 127 of the program itself for what it is", async () => {
    const { root, crashes } = script("no-such-command; exit 127");
    await root.wait();
    expect(crashes).toMatchObject([{ code: "EXEC_EXIT", exitCode: 127 }]);
  });

  it("starts when what was missing is there", async () => {
    const cwd = folder();
    const target = file(join(cwd, "real"), "#!/bin/sh\necho started; read x\n");
    const { wrote, recorder, crashes } = supervised("./link", [], { cwd }, { policy: "permanent" });
    await recorder.until((event) => event.type === "restarting", 3);
    symlinkSync(target, join(cwd, "link"));
    await wrote("started");
    expect(new Set(crashes.map((crash) => (crash as ExecSpawnError).code))).toEqual(
      new Set(["EXEC_NOT_FOUND"]),
    );
  });

  it("runs as the user and group that are given", async () => {
    const { root, lines, crashes } = script("id -u; id -g; id -G", { uid: 65_534, gid: 65_533 });
    await root.wait();
    expect(crashes).toEqual([]);
    expect(texts(lines)).toEqual(["65534", "65533", "65533"]);
  });

  it("names a program that another user may not run, and that user", async () => {
    const cwd = folder();
    const program = file(join(cwd, "private"), "#!/bin/sh\n", 0o700);
    const { root, crashes } = supervised(program, [], { uid: 65_534 });
    await root.wait();
    expect(crashes).toMatchObject([{ code: "EXEC_NO_PERMISSION" }]);
    expect(crashes[0]!.message).toContain(program);
    expect(crashes[0]!.message).toContain("user 65534");
  });

  it("tells its hooks the whole story of a life, in its order", async () => {
    const story: string[] = [];
    const { root } = script("echo one; echo two; exit 1", {
      onStart: ({ pid, command }) => story.push(`start ${typeof pid} ${command.slice(0, 7)}`),
      onLine: ({ line }) => story.push(line),
      onExit: ({ exitCode }) => story.push(`exit ${exitCode}`),
      onError: (error) => story.push(error.name),
    });
    await root.wait();
    expect(story).toEqual(["start number /bin/sh", "one", "two", "exit 1", "ExecExitError"]);
  });

  it("is ready only when its pid is known", async () => {
    let pid: number | undefined;
    const stop = new AbortController();
    const actor: ExecActor = new ExecActor("program", "cat");
    await actor.run({
      signal: stop.signal,
      logger: {
        debug() {},
        info() {},
        warn() {},
        error() {},
        child() {
          return this;
        },
      },
      restarts: 0,
      ready: () => {
        pid = actor.pid;
        stop.abort();
      },
      fail() {},
      finish() {},
      defer() {},
    });
    expect(pid).toBeTypeOf("number");
  });
});

describe("ExecActor.write", () => {
  it("writes text and bytes in the order of the calls, also those made before the start", async () => {
    const actor = supervised("cat", []);
    const written = [
      actor.actor.write("é1\n"),
      actor.actor.write(Buffer.from([0xe2, 0x82])),
      actor.actor.write(new Uint8Array([0xac, 0x0a])),
      actor.actor.write(""),
      actor.actor.write("end\n"),
    ];
    await Promise.all(written);
    await actor.wrote("end");
    expect(texts(actor.lines)).toEqual(["é1", "€", "end"]);
  });

  it("waits while the process does not read, and goes on when it does", async () => {
    const { actor, wrote } = script("echo ready; kill -STOP $$; exec cat > /dev/null");
    await wrote("ready");
    let done = 0;
    const big = Buffer.alloc(300_000, "x");
    const writes = Array.from({ length: 6 }, async () => {
      await actor.write(big);
      done++;
    });
    const late = await failure(actor.write("late", { timeout: 150 }));
    expect(late.name).toBe("TimeoutError");
    expect(done).toBeLessThan(3);
    await until(() => isHalted(actor.pid!));
    process.kill(actor.pid!, "SIGCONT");
    await Promise.all(writes);
    expect(done).toBe(6);
  });

  it("resolves as fast as the process reads, and it gets every byte", async () => {
    const { actor, wrote, lines } = nodeScript(`
      let bytes = 0;
      process.stdin.on("data", (chunk) => { bytes += chunk.length; if (bytes === 20_000_000) console.log("all " + bytes); });
    `);
    const chunk = Buffer.alloc(100_000, "x");
    for (let count = 0; count < 200; count++) await actor.write(chunk);
    await wrote("all 20000000");
    expect(lines).toHaveLength(1);
  });

  it("rejects when the process closed its input, and the actor lives", async () => {
    const { actor, wrote, crashes } = nodeScript(
      `process.stdin.destroy(); require("fs").closeSync(0); console.log("closed"); setInterval(() => {}, 1000)`,
    );
    await wrote("closed");
    const errors = [await failure(actor.write("x")), await failure(actor.write("y"))];
    expect(errors.map((error) => error.code)).toEqual(["EXEC_WRITE", "EXEC_WRITE"]);
    expect(errors[0]).toBeInstanceOf(ExecWriteError);
    expect(errors[0]!.cause).toMatchObject({ code: "EPIPE" });
    expect(actor.pid).toBeTypeOf("number");
    expect(crashes).toEqual([]);
  });

  it("never writes what was withdrawn before its turn", async () => {
    const { actor, wrote, lines } = script("echo up; kill -STOP $$; exec cat");
    await wrote("up");
    const stuck = actor.write(`${"x".repeat(1_000_000)}\n`, { timeout: 100 });
    const withdrawn = actor.write("withdrawn\n", { timeout: 100 });
    const next = actor.write("next\n", { timeout: 200 });
    const last = actor.write("last\n");
    expect((await failure(stuck)).name).toBe("TimeoutError");
    expect((await failure(withdrawn)).name).toBe("TimeoutError");
    expect((await failure(next)).name).toBe("TimeoutError");
    await until(() => isHalted(actor.pid!));
    process.kill(actor.pid!, "SIGCONT");
    await last;
    await wrote("last");
    expect(texts(lines).filter((line) => !line.startsWith("x"))).toEqual(["up", "last"]);
  });

  it("rejects what is no data, and all once the actor is stopped for good", async () => {
    const { actor, root } = script("exit 0");
    expect(await failure(actor.write(7 as never))).toBeInstanceOf(TypeError);
    expect(await failure(actor.write("x", { timeout: -1 }))).toBeInstanceOf(RangeError);
    await root.wait();
    expect(await failure(actor.write("x"))).toBeInstanceOf(ActorStoppedError);
  });
});

describe("ExecActor's targets", () => {
  it("inherits a stream, of which there are no lines then", async () => {
    const text = `
      import { Supervisor } from "@sup/core";
      import { ExecActor } from "@sup/exec";
      const lines = [];
      const actor = new ExecActor("program", "sh", ["-c", "echo out; echo err >&2"], { stdout: "inherit", onLine: ({ line }) => lines.push(line) });
      const root = new Supervisor("root", { actors: [actor] });
      root.start();
      await root.wait();
      console.log("lines", lines.join());
    `;
    const path = join(import.meta.dirname, `inherit-${process.pid}.mjs`);
    file(path, text);
    onTestFinished(() => rmSync(path));
    const { root, lines } = supervised(process.execPath, [
      "--conditions=@sup/source",
      "--disable-warning=ExperimentalWarning",
      path,
    ]);
    await root.wait();
    expect(texts(lines)).toEqual(["out", "lines err"]);
  });

  it("ignores a stream", async () => {
    const { root, lines } = script("target=$(readlink /proc/$$/fd/1); echo $target >&2", {
      stdout: "ignore",
    });
    await root.wait();
    expect(lines).toEqual([{ stream: "stderr", line: "/dev/null", truncated: false }]);
  });
});
