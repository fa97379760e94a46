import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ExecActor, type OutputLine } from "../src/index.ts";
import { until } from "./processes.ts";
import { nodeScript, script } from "./supervised.ts";

const texts = (lines: readonly OutputLine[]) => lines.map(({ line }) => line);

function residentMegabytes(): number {
  return process.memoryUsage.rss() / 1e6;
}

/** Writes its arguments, escapes and all, byte by byte as a chunk each. */
const dribble = (bytes: Buffer) => `
  const { writeSync } = require("fs");
  for (const byte of Buffer.from("${bytes.toString("hex")}", "hex")) {
    writeSync(1, Buffer.of(byte));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }
`;

describe("ExecActor's lines", () => {
  it("are split right when every byte comes alone: CRLF, UTF-8, and a last line without an end", async () => {
    const { root, lines } = nodeScript(dribble(Buffer.from("é\r\n€𝄞\n\r\nlast ∑")));
    await root.wait();
    expect(texts(lines)).toEqual(["é", "€𝄞", "", "last ∑"]);
  });

  it("are cut and marked when they are too long, on each stream on its own", async () => {
    const { root, lines } = script("printf 'abcdef\\nabc\\nabcdefg' ; printf 'ABCDE' >&2", {
      maxLineLength: 4,
    });
    await root.wait();
    expect(lines.filter(({ stream }) => stream === "stdout")).toEqual([
      { stream: "stdout", line: "abcd", truncated: true },
      { stream: "stdout", line: "abc", truncated: false },
      { stream: "stdout", line: "abcd", truncated: true },
    ]);
    expect(lines.filter(({ stream }) => stream === "stderr")).toEqual([
      { stream: "stderr", line: "ABCD", truncated: true },
    ]);
  });

  it("reach every iterator from its creation on, over all lives, until the actor is stopped for good", async () => {
    const { actor, root, recorder } = script(
      "echo life; read x; echo $x; exit 1",
      {},
      { policy: "permanent" },
    );
    const early = actor.lines();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { line } of early) seen.push(line);
    })();
    await recorder.until("ready program");
    await actor.write("first\n");
    await recorder.until("ready program", 2);
    await until(() => seen.length === 3);
    const late = actor.lines();
    await actor.write("second\n");
    await recorder.until("ready program", 3);
    await until(() => seen.length === 5);
    await root.stop();
    await reading;
    expect(seen).toEqual(["life", "first", "life", "second", "life"]);
    const rest: string[] = [];
    for await (const { line } of late) rest.push(line);
    expect(rest).toEqual(["second", "life"]);
  });

  it("go on when an actor that was stopped for good runs again", async () => {
    const { actor, root } = script("echo again; read x");
    for (let run = 0; run < 3; run++) {
      if (run > 0) root.start();
      const lines = actor.lines();
      expect((await lines.next()).value?.line).toBe("again");
      await root.stop();
      expect(await lines.next()).toEqual({ value: undefined, done: true });
    }
  });

  it("end with the signal, while the actor lives on", async () => {
    const { actor, wrote } = script("echo up; while read x; do echo $x; done");
    const controller = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { line } of actor.lines({ signal: controller.signal })) seen.push(line);
    })();
    await wrote("up");
    await until(() => seen.length === 1);
    controller.abort();
    await reading;
    await actor.write("more\n");
    await wrote("more");
    expect(seen).toEqual(["up"]);
  });

  it("are all there after a flood of 200 MB, and memory stays flat", async () => {
    const line = "0123456789".repeat(9) + "012345678";
    const before = residentMegabytes();
    let most = 0;
    let count = 0;
    let wrong = 0;
    const { root, crashes } = script(`yes ${line} | head -c 200000000`, {
      stderr: "ignore",
      onLine: ({ line: text, truncated }) => {
        count++;
        if (text !== line || truncated) wrong++;
        if (count % 50_000 === 0) most = Math.max(most, residentMegabytes());
      },
    });
    await root.wait();
    expect({ count, wrong, crashes }).toEqual({ count: 2_000_000, wrong: 0, crashes: [] });
    expect(most - before).toBeLessThan(400);
  }, 240_000);

  it("are all there for a slow reader, for whom the process waits; memory stays flat", async () => {
    const count = 5_000_000;
    const { actor, exits } = script(`seq 1 ${count}`, { onLine: () => {} });
    const before = residentMegabytes();
    let next = 1;
    let most = 0;
    let early = 0;
    for await (const { line } of actor.lines()) {
      if (line !== String(next)) throw new Error(`${next} is missing: ${line}`);
      // In each stall the process could write all that it has.
      if (next % 1_000_000 === 1) {
        await sleep(500);
        early += exits.length;
        most = Math.max(most, residentMegabytes());
      }
      next++;
    }
    expect({ next, early }).toEqual({ next: count + 1, early: 0 });
    expect(most - before).toBeLessThan(200);
  }, 240_000);

  it("that are left in the pipe of a process that has ended reach a reader that was slow", async () => {
    const { actor, root } = script("seq 1 20000");
    const lines = actor.lines();
    await lines.next();
    await root.wait();
    const rest: string[] = [];
    for await (const { line } of lines) rest.push(line);
    expect(rest).toEqual(Array.from({ length: 19_999 }, (_, index) => String(index + 2)));
  });

  it("of nobody are not kept: a process that writes is not held up", async () => {
    const { root, crashes } = script("yes | head -c 10000000", { stdout: undefined });
    await root.wait();
    expect(crashes).toEqual([]);
  });
});

describe("ExecActor's Writable", () => {
  it("gets every byte beside the lines, and is not ended", async () => {
    const chunks: Buffer[] = [];
    const target = new Writable({
      write(chunk: Buffer, _, done) {
        chunks.push(chunk);
        done();
      },
    });
    const { root, lines } = script("printf 'a\\r\\nb'; printf 'c' >&2", { stdout: target });
    await root.wait();
    expect(Buffer.concat(chunks).toString()).toBe("a\r\nb");
    expect(new Set(texts(lines))).toEqual(new Set(["a", "b", "c"]));
    expect(target.writable).toBe(true);
  });

  it("makes the process wait while it is full, and loses nothing", async () => {
    let release = () => {};
    let bytes = 0;
    const target = new Writable({
      highWaterMark: 1_000,
      write(chunk: Buffer, _, done) {
        bytes += chunk.length;
        if (bytes === chunk.length) release = done;
        else done();
      },
    });
    const { root, exits } = script("yes | head -c 6000000", { stdout: target });
    await until(() => bytes > 0);
    await sleep(200);
    expect(exits).toEqual([]);
    expect(target.writableLength).toBeLessThan(1_000_000);
    release();
    await root.wait();
    expect(bytes).toBe(6_000_000);
  });

  it("leaves no listener behind, and hurts nobody when it was destroyed", async () => {
    let destroyed = false;
    const target = new Writable({ highWaterMark: 10, write: () => {} });
    const { root, lines, crashes } = script("yes | head -c 3000000; echo end", { stdout: target });
    const listeners = target.eventNames().length;
    await until(() => lines.length > 0);
    target.destroy();
    destroyed = true;
    await root.wait();
    expect({ destroyed, crashes }).toEqual({ destroyed: true, crashes: [] });
    expect(lines.at(-1)!.line).toBe("end");
    expect(target.eventNames()).toHaveLength(listeners);
  });

  it("has no listener left when the process was stopped while it was full", async () => {
    const target = new Writable({ highWaterMark: 10, write: () => {} });
    const { root, lines } = script("yes", { stdout: target });
    await until(() => lines.length > 0);
    await root.stop();
    expect(target.listenerCount("drain")).toBe(0);
    expect(target.listenerCount("close")).toBe(0);
  });

  it("is refused by name when it is no Writable", () => {
    expect(() => new ExecActor("program", "x", [], { stdout: "file.log" as never })).toThrow(
      new RangeError(
        'Cannot create exec actor "program": `stdout` must be a Writable, "inherit" or "ignore", got "file.log"',
      ),
    );
  });
});
