import { library } from "../../tsup.base.ts";

/**
 * A bundle has `var` where the sources have `const`, and V8 takes only a constant for the number that it is: with the flags
 * of the graph as constants a change takes a seventh less time.
 */
const constantFlags = {
  name: "constant-flags",
  renderChunk(code: string): { code: string } {
    const constant = code.replaceAll(/^var (?=\{.*\} = flag;$)/gm, "const ");
    if (constant === code) throw new Error("Cannot find the flags of the graph in the bundle");
    return { code: constant };
  },
};

// Neutral: an import of `node:…` does not build.
export default library({ platform: "neutral", plugins: [constantFlags] });
