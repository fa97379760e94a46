import { PassThrough, Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { OutputStream } from "../../src/lib/output/output-stream.ts";

describe("OutputStream", () => {
  it("reads on when its target fails, also one that stays open then", async () => {
    const source = new PassThrough();
    const taken: ((error: Error) => void)[] = [];
    const target = new Writable({
      highWaterMark: 1,
      autoDestroy: false,
      write: (_, __, callback) => void taken.push(callback),
    });
    const lines: string[] = [];
    const stream = new OutputStream("stdout", source, target, 100, ({ line }) => lines.push(line));
    target.on("error", () => {});
    source.write("first\n");
    await turn();
    expect([lines, source.isPaused()]).toEqual([["first"], true]);
    taken[0]!(new Error("disk full"));
    await turn();
    source.end("second\n");
    await turn();
    expect(lines).toEqual(["first", "second"]);
    expect([target.listenerCount("drain"), target.listenerCount("close")]).toEqual([0, 0]);
    stream.close();
  });
});
