import { describe, expect, it } from "vitest";
import { pageOf } from "../../src/http/page.ts";

describe("pageOf", () => {
  it("shows markup in names and errors as text", () => {
    const page = pageOf({ heater: "60 °C & <b>", tree: "└─ </pre><script>alert(1)</script>\n" });
    expect(page).toContain("60 °C &#38; &#60;b&#62;");
    expect(page).toContain("└─ &#60;/pre&#62;&#60;script&#62;alert(1)&#60;/script&#62;");
    expect(page).not.toContain("<script");
  });
});
