import { describe, expect, it } from "vitest";
import { element, escaped } from "../../lib/plot/svg.ts";

describe("escaped", () => {
  it("leaves no character that would be markup, in content or in an attribute", () => {
    expect(escaped(`a < b && "c" > d`)).toBe("a &lt; b &amp;&amp; &quot;c&quot; &gt; d");
  });
});

describe("element", () => {
  it("writes attributes in their order, and tenths of pixels", () => {
    expect(element("line", { y1: 1.25, x1: 0.1 + 0.2, class: `"` })).toBe(
      '<line y1="1.3" x1="0.3" class="&quot;"/>',
    );
  });

  it("has no negative nothing", () => {
    expect(element("line", { x1: -0.01 })).toBe('<line x1="0"/>');
  });

  it("holds its content", () => {
    expect(element("g", {}, element("rect", {}), "text")).toBe("<g><rect/>text</g>");
  });
});
