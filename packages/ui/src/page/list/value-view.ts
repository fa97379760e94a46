import { ageText } from "../../lib/model/age.ts";
import { toneOf, type ValueRow } from "../model/row.ts";
import { sparkline } from "../model/sparkline.ts";
import { shownText } from "../model/visible-text.ts";
import { selectedValue, serverNow, store } from "../session.ts";
import { element, line, Patched } from "./element.ts";
import type { RowView } from "./virtual-list.ts";

/** One row of the values. */
export class ValueView implements RowView<ValueRow> {
  readonly element: HTMLElement;
  readonly #cells = cells();
  #row: ValueRow | undefined;
  #drawnSecond = 0;

  constructor() {
    this.element = this.#cells.element;
  }

  bind(row: ValueRow, index: number): void {
    this.#row = row;
    this.#drawnSecond = 0;
    this.#cells.name.set(shownText(row.state.name));
    this.#cells.place.set(String(index + 1));
  }

  patch(): void {
    const { state, problem, minute } = this.#row!;
    const cells = this.#cells;
    const now = serverNow();
    cells.size.set(String(store.values.size));
    cells.value.set(shownText(state.text ?? "—", 60));
    cells.type.set(state.type);
    cells.badge.set(state.type);
    cells.problem.set(toneOf(problem));
    cells.selected.set(String(this.#row === selectedValue()));
    cells.label.set(
      `${shownText(state.name)}, ${state.type}${problem === undefined ? "" : `, ${problem}`}`,
    );
    const age = state.updatedAt === undefined ? "never" : `${ageText(now - state.updatedAt)} ago`;
    cells.stale.set(state.stale ? "stale" : "");
    cells.age.set(age);
    cells.from.set(sourcesOf(state.error, state.from));
    const second = Math.floor(now / 1_000);
    if (second === this.#drawnSecond) return;
    this.#drawnSecond = second;
    cells.curve.set(sparkline(store.minute(minute, Number.NaN), 72, 20));
  }
}

function sourcesOf(error: string | undefined, from: readonly string[] | undefined): string {
  if (error !== undefined) return shownText(error, 120);
  if (from === undefined || from.length === 0) return "";
  return `← ${from.map((name) => shownText(name, 32)).join(", ")}`;
}

function cells() {
  const name = element("bdi", "name");
  const value = element("bdi", "value num");
  const badge = element("span", "badge");
  const stale = element("span", "stale");
  const age = element("span", "age num");
  const from = element("bdi", "from");
  const curve = line("spark", 72, 20);
  const row = element(
    "div",
    "row observed",
    name,
    curve,
    value,
    element("span", "about", badge, stale, age, from),
  );
  row.role = "option";
  return {
    element: row,
    name: Patched.text(name),
    value: Patched.text(value),
    badge: Patched.text(badge),
    stale: Patched.text(stale),
    age: Patched.text(age),
    from: Patched.text(from),
    type: Patched.attribute(row, "data-type"),
    problem: Patched.attribute(row, "data-problem"),
    selected: Patched.attribute(row, "aria-selected"),
    label: Patched.attribute(row, "aria-label"),
    size: Patched.attribute(row, "aria-setsize"),
    place: Patched.attribute(row, "aria-posinset"),
    curve: Patched.attribute(curve.firstElementChild!, "d"),
  };
}
