export interface Snippet {
  /** The line of the document on which its code begins, from 1. */
  readonly line: number;
  /** Its code on the lines that it has in the document, so that what a compiler says of it leads there. */
  readonly code: string;
  /** Marked `ts run`: it is run as well. */
  readonly isRun: boolean;
  /** What it must print: the block `text output` that follows. */
  readonly output: string | undefined;
}

interface Block {
  readonly line: number;
  readonly lines: readonly string[];
  readonly marks: readonly string[];
}

/**
 * The TypeScript blocks of a Markdown document. One marked `ts continued` belongs to the one before it: it is
 * compiled, and run, below it.
 */
export function snippetsOf(markdown: string): Snippet[] {
  const snippets: { line: number; lines: string[]; isRun: boolean; output: string | undefined }[] =
    [];
  for (const { line, lines, marks } of blocksOf(markdown)) {
    const last = snippets.at(-1);
    if (marks[0] === "ts" && marks.includes("continued") && last !== undefined) {
      pad(last.lines, line);
      last.lines.push(...lines);
      last.isRun ||= marks.includes("run");
    } else if (marks[0] === "ts") {
      const own = pad([], line);
      own.push(...lines);
      snippets.push({ line, lines: own, isRun: marks.includes("run"), output: undefined });
    } else if (marks[0] === "text" && marks.includes("output") && last !== undefined) {
      last.output = lines.join("\n");
    }
  }
  return snippets.map(({ lines, ...snippet }) => ({ ...snippet, code: lines.join("\n") }));
}

/** Fills up with empty lines to before this one. */
function pad(lines: string[], line: number): string[] {
  while (lines.length < line - 1) lines.push("");
  return lines;
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; line: number; lines: string[]; marks: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const [, fence, info = ""] = /^(`{3,})(.*)$/.exec(text) ?? [];
    if (open === undefined) {
      if (fence !== undefined)
        open = { fence, line: index + 2, lines: [], marks: info.trim().split(/\s+/) };
    } else if (text.trimEnd() === open.fence) {
      blocks.push(open);
      open = undefined;
    } else {
      open.lines.push(text);
    }
  }
  return blocks;
}
