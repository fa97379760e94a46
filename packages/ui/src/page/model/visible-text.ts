// Controls, and what reorders, joins or hides its neighbours: a name must not be able to look like another one.
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

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

/** A name as a row shows it. */
export function shownName(name: string, most = 96): string {
  return middleCut(visibleText(name.length > 4 * most ? middleCut(name, 4 * most) : name), most);
}
