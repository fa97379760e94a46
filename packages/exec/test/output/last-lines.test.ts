import { describe, expect, it } from "vitest";
import { LastLines } from "../../src/lib/output/last-lines.ts";
import type { OutputLine } from "../../src/lib/output/output-line.ts";

const line = (text: string): OutputLine => ({ stream: "stderr", line: text, truncated: false });
const push = (last: LastLines, ...all: string[]) => all.forEach((text) => last.push(line(text)));
const texts = (last: LastLines) => last.lines.map(({ line }) => line);

describe("LastLines", () => {
  it("keeps the newest, in their order, however many came before", () => {
    const last = new LastLines(3);
    const seen: string[] = [];
    for (const text of ["a", "b", "c", "d", "e", "f", "g"]) {
      push(last, text);
      seen.push(texts(last).join(""));
    }
    expect(seen).toEqual(["a", "ab", "abc", "bcd", "cde", "def", "efg"]);
  });

  it("keeps none when it is to keep 0", () => {
    const last = new LastLines(0);
    push(last, "a", "b");
    expect(texts(last)).toEqual([]);
  });

  it("knows the only line as long as there is one alone", () => {
    for (const keep of [0, 3]) {
      const last = new LastLines(keep);
      expect(last.only).toBeUndefined();
      push(last, "a");
      expect(last.only?.line).toBe("a");
      push(last, "b");
      expect(last.only).toBeUndefined();
    }
  });
});
