import type { Plot } from "./plot.ts";

/** What a page leaves for a picture, in pixels, and what it leaves on a phone. */
export const [wide, narrow] = [720, 380] as const;

export const widths = [wide, narrow] as const;

/** Where the picture is, from the root of the repository. */
export function pathOf({ name }: Plot, width: number): string {
  return `docs/images/${name}${width === narrow ? "-narrow" : ""}.svg`;
}
