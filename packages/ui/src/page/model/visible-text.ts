// Controls, and what reorders, joins or hides its neighbours: a name must not be able to look like another one.
const invisible = /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f/gu;

/** The text with each character that cannot be seen written out: `\u202E`. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase();
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** At most `most` characters, with what is missing taken from the middle: both ends of a name tell it apart. */
export function middleCut(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = (most - 1) >> 1;
  return `${whole(text.slice(0, most - 1 - half))}…${whole(text.slice(text.length - half))}`;
}

/** Without the halves of a pair at its ends. */
function whole(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");
}

/** What somebody else named or said, as a row shows it. */
export function shownText(text: string, most = 96): string {
  return middleCut(visibleText(middleCut(text, 4 * most)), most);
}
