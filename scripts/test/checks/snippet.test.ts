import { describe, expect, it } from "vitest";
import { snippetsOf } from "../../checks/snippet.ts";

const markdown = (...lines: readonly string[]) => lines.join("\n");

describe("snippetsOf", () => {
  it("gives the code on the lines that it has in the document", () => {
    const text = markdown("# Title", "", "```ts", "const a = 1;", "```");
    expect(snippetsOf(text)).toEqual([
      { line: 4, code: "\n\n\nconst a = 1;", isRun: false, output: undefined },
    ]);
  });

  it("passes over what is not TypeScript", () => {
    expect(snippetsOf(markdown("```bash", "ls", "```", "```", "text", "```"))).toEqual([]);
  });

  it("passes over TypeScript inside another block", () => {
    expect(snippetsOf(markdown("````md", "```ts", "const a = 1;", "```", "````"))).toEqual([]);
  });

  it("marks what is to be run, with what it must print", () => {
    const text = markdown("```ts run", "console.log(1);", "```", "", "```text output", "1", "```");
    expect(snippetsOf(text)).toMatchObject([{ isRun: true, output: "1" }]);
  });

  it("puts what is continued below what it continues", () => {
    const text = markdown("```ts", "const a = 1;", "```", "and", "```ts continued", "a;", "```");
    expect(snippetsOf(text)).toMatchObject([{ line: 2, code: "\nconst a = 1;\n\n\n\na;" }]);
  });
});
