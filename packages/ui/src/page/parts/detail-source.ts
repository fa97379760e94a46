import { page, redraw } from "../session.ts";

/** Milliseconds between two requests for the same detail. */
const pace = 1_000;

let shown: { path: string; told: number; askedAt: number; detail?: unknown } | undefined;

/** What the server tells only of what is looked at, once it is there; asked for again when `told` has grown. */
export function detailOf(path: string, told: number): unknown {
  if (shown?.path !== path) shown = { path, told: -1, askedAt: 0 };
  const now = Date.now();
  if (shown.told !== told && now - shown.askedAt > pace && page.link.state === "live") {
    shown.told = told;
    shown.askedAt = now;
    void ask(shown);
  }
  return shown.detail;
}

async function ask(of: NonNullable<typeof shown>): Promise<void> {
  try {
    const response = await fetch(of.path);
    if (response.ok) of.detail = await response.json();
    redraw();
  } catch {
    // The connection is gone, which the page says elsewhere; asked again when it is back.
    of.told = -1;
  }
}
