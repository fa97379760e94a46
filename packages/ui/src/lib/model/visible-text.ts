/**
 * Controls, and what reorders, joins or hides its neighbours: a name must not be able to look like another one. The mark that
 * makes a sign an emoji is seen by that.
 */
export const invisible = /[\p{C}\p{Zl}\p{Zp}\u2800]|(?!(?<=\p{ExtPict})\ufe0f)\p{DI}/gu;

/** The text with each character that cannot be seen written out: `\u202E`. */
export function visibleText(text: string): string {
  return text.replace(invisible, writtenOut);
}

export function writtenOut(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase();
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
