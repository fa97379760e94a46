import { redraw } from "../session.ts";

const themes = ["system", "dark", "light"] as const;
export type Theme = (typeof themes)[number];

/** What was chosen here; the system's where nothing was. */
export let theme: Theme = stored();

export function applyTheme(): void {
  document.documentElement.style.colorScheme = theme === "system" ? "" : theme;
}

export function changeTheme(): void {
  theme = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  applyTheme();
  redraw();
  try {
    localStorage.setItem("sup.theme", theme);
  } catch {
    // It lasts as long as the page then.
  }
}

function stored(): Theme {
  try {
    const chosen = localStorage.getItem("sup.theme");
    return themes.find((name) => name === chosen) ?? "system";
  } catch {
    // A browser may deny its store, and throws then.
    return "system";
  }
}
