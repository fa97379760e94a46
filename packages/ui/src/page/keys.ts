import type { Panel } from "./model/address.ts";
import { backToTree, deselect, go, isFlat, page, turn } from "./session.ts";

/** The keys, as the help tells them. */
export const keys: readonly (readonly [keys: string, what: string])[] = [
  ["/", "search the tree"],
  ["j k ↓ ↑", "next, previous row"],
  ["→ ←", "open, close a supervisor"],
  ["*", "open all siblings"],
  ["Home End PgUp PgDn", "far"],
  ["Enter", "show its detail"],
  ["1 2 3", "to the tree, the values, the events"],
  ["p", "pause the events"],
  ["t", "dark, light, as the system"],
  ["Esc", "close the detail, clear the search"],
  ["?", "this help"],
];

/** Those that work wherever the focus is, but in a field. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey, defaultPrevented } = event;
    if (ctrlKey || metaKey || altKey || defaultPrevented || page.helping) return;
    if (key === "Escape") return escape(target);
    const act = target instanceof HTMLInputElement ? undefined : actions[key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

const toTree = () => focusPanel("tree");

const actions: Readonly<Record<string, () => void>> = {
  "/": () => document.querySelector<HTMLElement>("#search")?.focus(),
  "?": () => turn({ helping: true }),
  p: () => turn({ paused: !page.paused }),
  t: () => document.querySelector<HTMLElement>("#theme")?.click(),
  j: toTree,
  k: toTree,
  ArrowDown: toTree,
  ArrowUp: toTree,
  1: toTree,
  2: () => focusPanel("values"),
  3: () => focusPanel("events"),
};

/** Brings a panel up, and the focus to its row. */
export function focusPanel(panel: Panel): void {
  go(panel === "tree" ? { panel } : { panel, actor: undefined, value: undefined });
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`#${panel} [tabindex="0"]`)?.focus(),
  );
}

function escape(target: EventTarget | null): void {
  const { actor, value } = page.address;
  if (target instanceof HTMLInputElement && target.value !== "") {
    target.value = "";
    target.dispatchEvent(new Event("input"));
  } else if (target instanceof HTMLInputElement) toTree();
  else if (actor !== undefined || value !== undefined) deselect();
  else if (isFlat()) backToTree();
}
