import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Supervisor } from "@sup/core";
import { Recorder } from "@sup/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { ExecActor, ExecReadyError, type Readiness } from "../src/index.ts";
import { freePort } from "../../../scripts/test/servers/free-port.ts";
import { membersOf } from "./processes.ts";
import { nodeScript, script } from "./supervised.ts";

describe("ExecActor's ready", () => {
  it("is at the start unless it is said otherwise", async () => {
    const { recorder, actor } = script("sleep 1000");
    await recorder.until("ready program");
    expect(actor.pid).toBeTypeOf("number");
  });

  it.each(["1", "2"])("comes with a line that matches, on stream %s", async (stream) => {
    const { recorder, actor, wrote } = script(
      `echo starting; read x; echo "now listening on 80" >&${stream}; read x`,
      {
        ready: { line: /listening on \d+$/ },
      },
    );
    await wrote("starting");
    expect(recorder.lines).not.toContain("ready program");
    await actor.write("go\n");
    await recorder.until("ready program");
  });

  it("comes in each life anew, also with a pattern that remembers where it was", async () => {
    const { recorder, actor } = script(
      "echo up; read x; exit 1",
      { ready: { line: /up/gy } },
      { policy: "permanent" },
    );
    for (const life of [1, 2, 3]) {
      await recorder.until("ready program", life);
      await actor.write("\n");
    }
    expect(recorder.lines.filter((line) => line === "ready program").length).toBeGreaterThanOrEqual(
      3,
    );
  });

  it("comes when the port opens, be it of IPv4 or IPv6", async () => {
    for (const host of ["127.0.0.1", "::1"]) {
      const port = await freePort();
      const { recorder, actor, wrote } = nodeScript(
        `console.log("starting"); process.stdin.once("data", () => require("net").createServer().listen(${port}, "${host}"))`,
        { ready: { port } },
      );
      await wrote("starting");
      expect(recorder.lines).not.toContain("ready program");
      await actor.write("go");
      await recorder.until("ready program");
    }
  });

  it("comes with the uptime, and not before", async () => {
    const start = performance.now();
    const { recorder } = script("sleep 1000", { ready: { uptime: 150 } });
    await recorder.until("ready program");
    expect(performance.now() - start).toBeGreaterThanOrEqual(148);
  });

  it("never comes for a process that ends before", async () => {
    for (const ready of [{ line: /never/ }, { uptime: 10_000 }, { port: await freePort() }]) {
      const { root, recorder } = script("exit 0", { ready });
      await root.wait();
      expect(recorder.lines).toEqual(["registered program", "started program", "stopped program"]);
    }
  });

  it("crashes and leaves nothing when it takes too long", async () => {
    const port = await freePort();
    for (const [ready, why] of [
      [{ line: /never/i, timeout: 150 }, "no line matched /never/i within 150 ms"],
      [{ port, timeout: 150 }, `port ${port} did not open within 150 ms`],
    ] as [Readiness, string][]) {
      let pid = 0;
      const { root, crashes, lines } = script("echo starting; sleep 1000", {
        ready,
        onStart: (start) => (pid = start.pid),
      });
      await root.wait();
      expect(crashes).toHaveLength(1);
      expect(crashes[0]).toBeInstanceOf(ExecReadyError);
      expect(crashes[0]).toMatchObject({ code: "EXEC_READY", retryable: true });
      expect((crashes[0] as ExecReadyError).lastLines).toEqual(lines);
      expect(crashes[0]!.message).toContain(why);
      expect(membersOf(pid)).toEqual([]);
    }
  });

  it("orders the start of a tree", async () => {
    const recorder = new Recorder();
    const slow = new ExecActor("slow", "sh", ["-c", "sleep 0.2; echo up; read x"], {
      ready: { line: /up/ },
    });
    const next = new ExecActor("next", "sh", ["-c", "read x"], { ready: { uptime: 50 } });
    const last = new ExecActor("last", "sh", ["-c", "read x"]);
    const root = new Supervisor("root", {
      actors: [slow, next, last],
      startup: "ordered",
      observer: recorder,
    });
    onTestFinished(() => root.stop());
    root.start();
    await recorder.until("ready last");
    expect(recorder.lines.filter((line) => !line.startsWith("registered"))).toEqual([
      "started slow",
      "ready slow",
      "started next",
      "ready next",
      "started last",
      "ready last",
    ]);
  });

  it.each([
    ["a clean end is final", "transient", "exit 0", ["stopped first", "started next"]],
    [
      "it is begun again after a clean end",
      "permanent",
      "exit 0",
      ["stopped first", "restarting first", "started first", "ready first", "started next"],
    ],
    [
      "it is begun again after a crash",
      "transient",
      "kill -9 $$",
      ["stopped first", "restarting first", "started first", "ready first", "started next"],
    ],
  ] as const)(
    "of a process that ended before lets the next begin under rest-for-one: %s",
    async (_, policy, end, then) => {
      const cwd = mkdtempSync(join(tmpdir(), "sup-ready-"));
      onTestFinished(() => rmSync(cwd, { recursive: true }));
      const recorder = new Recorder();
      const text = `[ -e ended ] || { touch ended; ${end}; }; echo up; read x`;
      const first = new ExecActor("first", "sh", ["-c", text], { cwd, ready: { line: /up/ } });
      const root = new Supervisor("root", {
        actors: [{ actor: first, policy }, new ExecActor("next", "sh", ["-c", "read x"])],
        startup: "ordered",
        strategy: "rest-for-one",
        restartDelay: 5,
        observer: recorder,
      });
      onTestFinished(() => root.stop());
      root.start();
      await recorder.until("started next");
      const story = recorder.lines.map((line) => line.replace(/:.*/s, ""));
      expect(story.filter((line) => !line.startsWith("registered"))).toEqual([
        "started first",
        ...then,
      ]);
    },
  );
});
