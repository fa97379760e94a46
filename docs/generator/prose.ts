import type { Comment, CommentDisplayPart } from "typedoc";

/** Where a name leads to: the part of a link after the page's own name, or nothing where there is no such name. */
export type Links = (name: string) => string | undefined;

/** What a comment says, as Markdown. */
export function summaryOf(comment: Comment | undefined, links: Links): string {
  return proseOf(comment?.summary ?? [], links);
}

/** Its first sentence, for lists. */
export function firstSentenceOf(comment: Comment | undefined, links: Links): string {
  const [first = ""] = summaryOf(comment, links).split("\n\n");
  const sentence = /^.*?[.](?=\s|$)/s.exec(first)?.[0] ?? first;
  return inCell(sentence);
}

/** The text of each block of a kind, as `@throws`; a type that it names comes first. */
export function blocksOf(comment: Comment | undefined, tag: `@${string}`, links: Links): string[] {
  const blocks = comment?.blockTags.filter((block) => block.tag === tag) ?? [];
  return blocks.map(({ content, typeAnnotation }) => {
    const type = typeAnnotation === undefined ? "" : `\`${typeAnnotation.slice(1, -1)}\` `;
    return type + proseOf(content, links);
  });
}

/** What fits into one cell of a table. */
export function inCell(markdown: string): string {
  return markdown
    .replaceAll("|", "\\|")
    .replaceAll(/\n+- /g, "<br>• ")
    .replaceAll(/\n{2,}/g, "<br>")
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
}

function proseOf(parts: readonly CommentDisplayPart[], links: Links): string {
  const text = parts.map((part) => {
    if (part.kind !== "inline-tag") return part.text;
    const target = links(part.text);
    return target === undefined ? `\`${part.text}\`` : `[\`${part.text}\`](${target})`;
  });
  return text.join("").trim();
}
