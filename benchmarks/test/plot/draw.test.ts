import { describe, expect, it } from "vitest";
import { drawPlot } from "../../lib/plot/draw.ts";
import { drawn, plotOf, rowOf } from "./fixtures.ts";

const limits = { scale: "log", unit: "×", label: "Times", limit: "allowed" } as const;

describe("drawPlot", () => {
  it("gives the same bytes for the same figures", () => {
    const plot = () => plotOf([rowOf("a", 20), rowOf("b", 300)]);

    expect(drawPlot(plot(), 720)).toBe(drawPlot(plot(), 720));
  });

  it("puts each median where its ratio to the others belongs, on a bar from the lowest to the highest", () => {
    const svg = drawPlot(plotOf([rowOf("a", 10), rowOf("b", 20), rowOf("c", 40)]), 720);
    const [a, b, c] = drawn(svg, "dot").map(({ cx = 0 }) => cx);
    const bars = drawn(svg, "spread");

    expect(b! - a!).toBeGreaterThan(50);
    expect(c! - b!).toBeCloseTo(b! - a!, 0);
    expect(bars).toHaveLength(3);
    expect(bars[0]!.x2).toBeCloseTo(b!, 0);
    expect(bars[1]!.x1).toBeCloseTo(a!, 0);
  });

  it("draws no bar when all rounds came to the same", () => {
    const spread = { min: 7, median: 7, max: 7 };
    const svg = drawPlot(plotOf([rowOf("a", 7, { spread }), rowOf("b", 7, { spread })]), 720);

    expect(drawn(svg, "spread")).toEqual([]);
    expect(drawn(svg, "dot")).toHaveLength(2);
  });

  it("shows a row that exceeds its limit like the others, and in orange", () => {
    const rows = [rowOf("kept", 1, { limit: 1 }), rowOf("missed", 1.1, { limit: 1 })];
    const svg = drawPlot(plotOf(rows, { axis: limits }), 720);

    expect(svg.match(/<g class="sup">\n[\s\S]*?<\/g>/g)?.join()).toContain(">kept<");
    expect(svg.match(/<g class="sup over">\n[\s\S]*?<\/g>/g)?.join()).toContain(">missed<");
    expect(drawn(svg, "limit")).toHaveLength(2);
    expect(svg).toContain(">allowed<");
  });

  it("draws what everything is compared with, though no figure is near it", () => {
    const axis = { ...limits, reference: { value: 100, label: "Go" } };
    const svg = drawPlot(plotOf([rowOf("a", 1)], { axis }), 720);
    const [line] = drawn(svg, "reference");

    expect(line?.x1).toBeGreaterThan(drawn(svg, "dot")[0]!.cx!);
    expect(line?.x1).toBeLessThan(720);
    expect(svg).toContain(">Go<");
  });

  it("writes what is compared with and what is allowed away from each other", () => {
    const axis = { ...limits, reference: { value: 1, label: "Go" } };
    const [half, twice] = [0.5, 2].map((limit) =>
      drawPlot(plotOf([rowOf("a", 1, { limit })], { axis }), 720),
    );

    expect(half).toMatch(/"small start"[^>]*>Go<[\s\S]*"small end"[^>]*>allowed</);
    expect(twice).toMatch(/"small end"[^>]*>Go<[\s\S]*"small start"[^>]*>allowed</);
  });

  it("sets the rows of sup off where others stand beside them", () => {
    const [own, other] = [rowOf("a", 1), rowOf("b", 2, { of: "other" })];

    expect(drawPlot(plotOf([own, other]), 720)).toContain(' class="mixed"');
    expect(drawPlot(plotOf([own]), 720)).toContain(' class="own"');
  });

  it("stays inside its width, with texts beside the axis or above it", () => {
    const rows = [rowOf("cast + signal concurrent", 30), rowOf("call", 4_000)];
    for (const width of [720, 380]) {
      const svg = drawPlot(plotOf(rows), width);
      const bars = drawn(svg, "spread");
      const [first, second] = drawn(svg, "dot").map(({ cy = 0 }) => cy);

      expect(bars.every(({ x1 = 0, x2 = 0 }) => x1 > 0 && x2 < width && x2 - x1 > 20)).toBe(true);
      expect(second! - first!).toBe(width === 720 ? 22 : 39);
      expect(svg).toContain(`viewBox="0 0 ${width} `);
    }
  });

  it("escapes names, headings and titles", () => {
    const hostile = `<script>"&`;
    const svg = drawPlot(
      plotOf([], { title: hostile, blocks: [{ heading: hostile, rows: [rowOf(hostile, 1)] }] }),
      720,
    );

    expect(svg).not.toContain("<script");
    expect(svg.match(/&lt;script&gt;&quot;&amp;/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it("says what it is to whoever does not see it, and has colours for both themes", () => {
    const svg = drawPlot(plotOf([rowOf("a", 20)]), 720);

    expect(svg).toContain('role="img" aria-labelledby="title text"');
    expect(svg).toContain('<title id="title">A sample</title>');
    expect(svg).toMatch(/<desc id="text">A sample\. .* a 20\.0 ns\.<\/desc>/);
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
  });

  it("is refused when there is nothing to draw", () => {
    expect(() => drawPlot(plotOf([]), 720)).toThrow('Cannot draw plot "sample": it has no rows');
  });

  it.each([
    { min: 0, median: 1, max: 2 },
    { min: 1, median: 3, max: 2 },
    { min: 2, median: 1, max: 3 },
    { min: 1, median: Number.NaN, max: 2 },
    { min: 1, median: 2, max: Infinity },
  ])("is refused with figures that cannot be: $min, $median, $max", (spread) => {
    expect(() => drawPlot(plotOf([rowOf("a", 1, { spread })]), 720)).toThrow(
      'Cannot draw plot "sample": "a" must lie above 0',
    );
  });

  it("is refused with a limit that cannot be", () => {
    expect(() => drawPlot(plotOf([rowOf("a", 1, { limit: 0 })]), 720)).toThrow(RangeError);
  });
});
