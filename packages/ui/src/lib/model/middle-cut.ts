/** At most `most` characters, with what is missing taken from the middle: both ends of a name or an error tell it apart. */
export function middleCut(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = (most - 1) >> 1;
  return `${whole(text.slice(0, most - 1 - half))}…${whole(text.slice(text.length - half))}`;
}

/** Without the halves of a pair at its ends. */
function whole(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");
}
