import { describe, expect, it } from "vitest";
import { withPlots } from "../../lib/plot/page.ts";
import { plotOf, rowOf } from "./fixtures.ts";

const plots = [plotOf([rowOf(`a "quoted" row`, 20)])];
const marks = "<!-- plot:sample -->\nold\n<!-- /plot:sample -->";

describe("withPlots", () => {
  it("shows a plot between its marks, with another one for phones and its figures in words", () => {
    const text = withPlots({ path: "README.md", text: `before\n${marks}\nafter\n` }, plots);

    expect(text).toMatch(/^before\n<!-- plot:sample -->\n\n<picture>\n/);
    expect(text).toContain('media="(max-width: 600px)" srcset="docs/images/sample-narrow.svg"');
    expect(text).toContain('<img src="docs/images/sample.svg" alt="A sample. ');
    expect(text).toContain("a &quot;quoted&quot; row 20.0 ns");
    expect(text).toMatch(/<\/picture>\n\n<!-- \/plot:sample -->\nafter\n$/);
  });

  it("gives the same page when it is done twice", () => {
    const once = withPlots({ path: "README.md", text: marks }, plots);

    expect(withPlots({ path: "README.md", text: once }, plots)).toBe(once);
  });

  it("leads there from the folder of the page", () => {
    const text = withPlots({ path: "benchmarks/README.md", text: marks }, plots);

    expect(text).toContain('src="../docs/images/sample.svg"');
  });

  it("leaves a page without marks as it is", () => {
    expect(withPlots({ path: "README.md", text: "text\n" }, plots)).toBe("text\n");
  });

  it("refuses marks of a plot that there is not", () => {
    expect(() => withPlots({ path: "README.md", text: "<!-- plot:other -->" }, plots)).toThrow(
      'Cannot write README.md: there is no plot "other"',
    );
  });
});
