import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isAlive, isHalted, membersOf, until } from "./processes.ts";
import { nodeScript, script, supervised } from "./supervised.ts";

/** Milliseconds that `action` takes. */
async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

const deaf = "trap '' INT TERM HUP";

/** Milliseconds that only a stop is over in that does not wait for the default of `stopGrace`. */
const beforeDefaultGrace = 4_500;

/** Fakes the timers that give a grace; processes, pipes and clocks stay real. */
function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets what was asked for begin, and so much of a grace pass. */
async function pass(milliseconds: number): Promise<void> {
  await new Promise(setImmediate);
  vi.advanceTimersByTime(milliseconds);
  await new Promise(setImmediate);
}

describe("Stopping an ExecActor", () => {
  it("sends the stop signal, and the process may end in its own way", async () => {
    const { actor, root, wrote, lines, exits, crashes } = script(
      `trap 'echo bye; exit 4' INT; echo up; while :; do sleep 0.05; done`,
    );
    await wrote("up");
    const { pid } = actor;
    await root.stop();
    expect(lines.at(-1)).toEqual({ stream: "stdout", line: "bye", truncated: false });
    expect(exits).toMatchObject([{ exitCode: 4 }]);
    expect(crashes).toEqual([]);
    expect(membersOf(pid!)).toEqual([]);
  });

  it("sends the signal that was chosen", async () => {
    const { root, wrote, lines } = script(
      `trap 'echo term; exit' TERM; trap 'echo int; exit' INT; echo up; while :; do sleep 0.05; done`,
      { stopSignal: "SIGTERM", stderr: "ignore" },
    );
    await wrote("up");
    await root.stop();
    expect(lines.at(-1)!.line).toBe("term");
  });

  it("kills a process that ignores the signal, after the grace and no later", async () => {
    const { root, wrote, exits, recorder, crashes } = script(
      `${deaf}; echo up; while :; do sleep 1; done`,
      {
        stopGrace: 300,
      },
    );
    await wrote("up");
    const took = await timeOf(() => root.stop());
    expect(took).toBeGreaterThanOrEqual(298);
    expect(took).toBeLessThan(beforeDefaultGrace);
    expect(exits).toMatchObject([{ signal: "SIGKILL" }]);
    expect(crashes).toEqual([]);
    expect(recorder.lines).not.toContain("abandoned program");
  });

  it("kills at once without a grace", async () => {
    const { root, wrote, exits, lines } = script(
      `trap 'echo asked; exit' INT; echo up; while :; do sleep 0.02; done`,
      { stopGrace: 0 },
    );
    await wrote("up");
    expect(await timeOf(() => root.stop())).toBeLessThan(beforeDefaultGrace);
    expect(exits).toMatchObject([{ signal: "SIGKILL" }]);
    expect(lines.map(({ line }) => line)).toEqual(["up"]);
  });

  it("waits for a grandchild that takes its time, though the process has ended", async () => {
    const { root, wrote, lines, actor } = script(
      `(trap 'sleep 0.3; echo slow; exit' TERM; echo up; while :; do sleep 0.02; done) & trap 'echo quick; exit' TERM; wait`,
      { stopSignal: "SIGTERM", stderr: "ignore" },
    );
    await wrote("up");
    const { pid } = actor;
    await root.stop();
    expect(lines.map(({ line }) => line)).toEqual(["up", "quick", "slow"]);
    expect(membersOf(pid!)).toEqual([]);
  });

  it("leaves no member of the group: children and grandchildren that ignore every signal, and hold the output", async () => {
    const { root, wrote, actor, exits } = script(
      `(${deaf}; (${deaf}; sleep 1000; :) & (${deaf}; sleep 1000 > /dev/null; :) & echo up; wait) & wait`,
      { stopGrace: 200 },
    );
    await wrote("up");
    const { pid } = actor;
    await until(() => membersOf(pid!).length >= 5);
    const took = await timeOf(() => root.stop());
    expect(membersOf(pid!)).toEqual([]);
    expect(took).toBeLessThan(beforeDefaultGrace);
    expect(exits).toMatchObject([{ signal: "SIGINT" }]);
  });

  it("stops a process that is halted", async () => {
    const { root, wrote, actor, lines } = script(
      `trap 'echo woken; exit' INT; echo up; while :; do sleep 0.02; done`,
    );
    await wrote("up");
    process.kill(actor.pid!, "SIGSTOP");
    expect(await timeOf(() => root.stop())).toBeLessThan(beforeDefaultGrace);
    expect(lines.at(-1)!.line).toBe("woken");
  });

  it("does not wait longer when it is asked a second time, nor for each of several ways to ask", async () => {
    const { root, wrote, actor, exits } = script(`${deaf}; echo up; while :; do sleep 1; done`, {
      stopGrace: 400,
    });
    await wrote("up");
    const { pid } = actor;
    fakeTimers();
    const child = root.children[0]!;
    const first = child.stop();
    await pass(250);
    const others = [child.stop(), root.stop(), root.stop()];
    await pass(149);
    expect(isAlive(pid!)).toBe(true);
    await pass(1);
    await Promise.all([first, ...others]);
    expect(exits).toHaveLength(1);
  });

  it("leaves nothing when it is stopped while it starts", async () => {
    for (let turns = 0; turns < 8; turns++) {
      const { root, actor, crashes } = supervised("sleep", ["1000"], {
        ready: { line: /never/ },
      });
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      const { pid } = actor;
      expect(await timeOf(() => root.stop())).toBeLessThan(beforeDefaultGrace);
      expect(pid === undefined ? [] : membersOf(pid)).toEqual([]);
      expect(actor.pid).toBeUndefined();
      expect(crashes).toEqual([]);
    }
  });

  it("settles what is written when it is asked for, though the process takes its time to end", async () => {
    const { root, wrote, actor } = nodeScript(
      `process.on("SIGINT", () => {}).on("SIGUSR2", () => process.exit()); console.log("up")`,
    );
    await wrote("up");
    const pending = actor
      .write("x".repeat(5_000_000))
      .catch((error: { code: string }) => error.code);
    await new Promise(setImmediate);
    const stop = root.stop();
    expect(await pending).toBe("EXEC_WRITE");
    process.kill(actor.pid!, "SIGUSR2");
    await stop;
  });

  it("does not start a process beside one that was left behind", async () => {
    const pids: number[] = [];
    const { actor, recorder, root } = script(
      `${deaf}; echo up; while :; do sleep 0.1; done`,
      {
        ready: { line: /up/ },
        stopGrace: 60_000,
        onStart: ({ pid }) => {
          expect(pids.every((earlier) => !isAlive(earlier))).toBe(true);
          pids.push(pid);
        },
      },
      { policy: "permanent", shutdownTimeout: 50, restartDelay: 0 },
    );
    await recorder.until("ready program");
    const [first] = pids;
    void root.children[0]!.restart();
    await recorder.until("abandoned program");
    expect(isAlive(first!)).toBe(true);
    process.kill(first!, "SIGKILL");
    await recorder.until("ready program", 2);
    expect(isAlive(first!)).toBe(false);
    expect(pids).toHaveLength(2);
    const second = actor.pid!;
    await root.stop();
    process.kill(second, "SIGKILL");
    await until(() => !isAlive(second));
  });
});

describe("The end of an ExecActor's process", () => {
  it("is seen when it exits, though a grandchild holds the output and ignores signals", async () => {
    const begun = performance.now();
    const { root, actor, wrote, crashes, exits } = script(
      `(${deaf}; exec sleep 1000) & echo started; read x; exit 5`,
    );
    await wrote("started");
    const { pid } = actor;
    await actor.write("\n");
    await root.wait();
    const took = performance.now() - begun;
    expect(crashes).toMatchObject([{ exitCode: 5 }]);
    // The rest of the group has half a second to end; timers may fire a millisecond early.
    expect(exits[0]!.duration).toBeLessThan(took - 498);
    expect(membersOf(pid!)).toEqual([]);
  });

  it("lets a grandchild end that has something to write yet", async () => {
    const { root, lines } = script(`(sleep 0.15; echo rest) & echo first`);
    await root.wait();
    expect(lines.map(({ line }) => line)).toEqual(["first", "rest"]);
  });

  it("is not held up by a grandchild that left the group with the output", async () => {
    const { root, lines, actor, wrote } = script(
      `setsid sleep 1000 & echo $!; echo started; read x; exit 0`,
    );
    await wrote("started");
    const left = Number(lines[0]!.line);
    onTestFinished(() => void process.kill(left, "SIGKILL"));
    await actor.write("\n");
    await root.wait();
    expect(lines).toHaveLength(2);
    expect(isAlive(left)).toBe(true);
  });

  it("is seen when it was killed from outside, and the next life is the only one", async () => {
    const { actor, recorder, crashes } = script(
      `sleep 1000 & echo up; wait`,
      {},
      { policy: "permanent" },
    );
    await recorder.until("ready program");
    const first = actor.pid!;
    process.kill(first, "SIGKILL");
    await recorder.until("ready program", 2);
    expect(crashes).toMatchObject([{ signal: "SIGKILL" }]);
    expect(membersOf(first)).toEqual([]);
    expect(actor.pid).not.toBe(first);
  });

  it("settles what is being written at once, whoever holds the input", async () => {
    const { actor, wrote, exits } = script(
      `(${deaf}; exec sleep 1000 <&0) & echo up; kill -STOP $$`,
    );
    await wrote("up");
    const pending = actor
      .write("x".repeat(5_000_000))
      .catch((error: { code: string }) => error.code);
    const pid = actor.pid!;
    await until(() => actor.mailbox.length === 0 && isHalted(pid));
    process.kill(pid, "SIGKILL");
    expect(await pending).toBe("EXEC_WRITE");
    // The rest of the group still has its half a second.
    expect(exits).toEqual([]);
  });
});
