/** What a text takes at most: there is no font to ask, and each system draws with its own. */
export function widthOf(text: string, size: number): number {
  return text.length * size * 0.58;
}

/** The lines of a text that has so much room. */
export function wrapped(text: string, size: number, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer, size) <= room) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}
