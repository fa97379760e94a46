import { describe, expect, it } from "vitest";
import { LastLines } from "../../src/lib/output/last-lines.ts";
import type { OutputLine } from "../../src/lib/output/output-line.ts";

const line = (text: string): OutputLine => ({ stream: "stderr", line: text, truncated: false });
const texts = (last: LastLines) => last.lines.map(({ line }) => line);

describe("LastLines", () => {
  it("keeps the newest, over many small batches and one that is larger than it", () => {
    const last = new LastLines(3);
    last.push([line("a")]);
    expect(texts(last)).toEqual(["a"]);
    last.push([line("b"), line("c")]);
    last.push([line("d")]);
    expect(texts(last)).toEqual(["b", "c", "d"]);
    last.push(["e", "f", "g", "h"].map(line));
    expect(texts(last)).toEqual(["f", "g", "h"]);
  });

  it("keeps none when it is to keep 0", () => {
    const last = new LastLines(0);
    last.push([line("a"), line("b")]);
    expect(texts(last)).toEqual([]);
  });

  it("knows the only line as long as there is one alone", () => {
    const last = new LastLines(0);
    expect(last.only).toBeUndefined();
    last.push([line("a")]);
    expect(last.only?.line).toBe("a");
    last.push([line("b")]);
    expect(last.only).toBeUndefined();
  });
});
