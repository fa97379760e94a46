import { describe, expect, it } from "vitest";
import { commentsOf, importsFor } from "../../checks/examples.ts";

describe("commentsOf", () => {
  it("keeps what comments say on its line, and nothing else", () => {
    const source = ["const a = 1;", "/**", " * ```ts", " *   b();", " * ```", " */", "c();"];
    expect(commentsOf(source.join("\n"))).toBe("\n\n```ts\n  b();\n```\n\n");
  });
});

describe("importsFor", () => {
  const modules = new Map([
    ["actor", "@sup/core"],
    ["Puppet", "@sup/core/testing"],
  ]);

  it("imports what is used", () => {
    expect(importsFor("new Puppet();", modules)).toBe(
      'import { Puppet } from "@sup/core/testing"; ',
    );
  });

  it.each([
    'import { actor, task } from "@sup/core";\nactor();',
    'import {\n  actor,\n  task,\n} from "@sup/core";\nactor();',
    "const actor = 1;",
    "tractor(); actors();",
  ])("imports nothing when the code is %j", (code) => {
    expect(importsFor(code, modules)).toBe("");
  });
});
