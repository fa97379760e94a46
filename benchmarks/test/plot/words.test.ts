import { describe, expect, it } from "vitest";
import { captionOf, describePlot } from "../../lib/plot/words.ts";
import { plotOf, rowOf } from "./fixtures.ts";

describe("captionOf", () => {
  it("says what is counted, what is better, and that a scale is logarithmic", () => {
    const plot = plotOf([rowOf("a", 1)]);

    expect(captionOf(plot)).toEqual([
      "Time in ns, log scale; lower is better.",
      "Dot: median of 5 rounds. Bar: lowest to highest.",
    ]);
    expect(captionOf({ ...plot, axis: { ...plot.axis, scale: "linear" } })[0]).toBe(
      "Time in ns; lower is better.",
    );
  });

  it("says what orange means where there are limits", () => {
    const { axis, ...plot } = plotOf([rowOf("a", 1)]);

    expect(captionOf({ ...plot, axis: { ...axis, limit: "allowed" } })[1]).toContain(
      "Orange: more than allowed.",
    );
  });
});

describe("describePlot", () => {
  it("has all figures as the tables have them", () => {
    const plot = plotOf([], {
      blocks: [
        { heading: "A message", rows: [rowOf("by hand", 18.52), rowOf("@sup/core", 1_298.4)] },
        { rows: [rowOf("nact", 6)] },
      ],
    });

    expect(describePlot(plot)).toMatch(
      /^A sample\. .* A message: by hand 18\.5 ns, @sup\/core 1,298 ns; nact 6\.00 ns\.$/,
    );
    expect(describePlot({ ...plot, axis: { ...plot.axis, unit: "×" } })).toContain(
      "by hand 18.52×",
    );
  });
});
