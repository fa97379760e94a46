import { ageText } from "../../lib/model/age.ts";
import { budgetText } from "../../lib/model/budget-text.ts";
import { type ProblemKind, problemText } from "../../lib/model/problems.ts";
import { formatCount, formatRate, plural } from "../model/numbers.ts";
import { type ActorRow, isSupervisor, pathOf, statusText, toneOf } from "../model/row.ts";
import { sparkline } from "../model/sparkline.ts";
import { middleCut, shownText } from "../model/visible-text.ts";
import { isFlat, selectedActor, serverNow, store } from "../session.ts";
import { element, line, Patched, shape } from "./element.ts";
import type { RowView } from "./virtual-list.ts";

/** One row of the tree. */
export class ActorView implements RowView<ActorRow> {
  readonly element: HTMLElement;
  readonly #count: () => number;
  readonly #cells = cells();
  #row: ActorRow | undefined;
  #index = 0;
  #drawnSecond = 0;

  constructor(count: () => number) {
    this.#count = count;
    this.element = this.#cells.element;
  }

  bind(row: ActorRow, index: number): void {
    this.#row = row;
    this.#index = index;
    this.#drawnSecond = 0;
    const { name, path, title, kind, level, indent } = this.#cells;
    name.set(shownText(row.state.name));
    title.set(
      middleCut(
        pathOf(row)
          .map((part) => shownText(part, 200))
          .join(" / "),
        1_000,
      ),
    );
    path.set(isFlat() ? shownPath(row) : "");
    kind.set(kindOf(row));
    level.set(String(isFlat() ? 1 : row.depth + 1));
    indent.set(String(isFlat() ? 0 : Math.min(row.depth, 12)));
  }

  patch(): void {
    const row = this.#row!;
    const now = serverNow();
    const { state, problem } = row;
    const cells = this.#cells;
    this.#place(row);
    cells.status.set(state.status);
    cells.shape.set(`#s-${state.status}`);
    cells.state.set(statusText(state));
    cells.problem.set(toneOf(problem));
    cells.label.set(labelOf(row, problem));
    this.#note(row, now);
    this.#mailbox(row, now);
    this.#restarts(row, now);
    const age = state.startedAt === undefined ? "" : ageText(now - state.startedAt);
    cells.age.set(state.status === "waiting" || state.status === "failed" ? "" : age);
    const second = Math.floor(now / 1_000);
    if (second !== this.#drawnSecond) this.#rate(row);
    this.#drawnSecond = second;
  }

  #place(row: ActorRow): void {
    const flat = isFlat();
    const cells = this.#cells;
    cells.expanded.set(flat || !isSupervisor(row) ? "" : String(row.open));
    cells.setSize.set(String(flat ? this.#count() : (row.parent?.children.length ?? 1)));
    cells.place.set(String((flat ? this.#index : row.place) + 1));
    cells.selected.set(String(row === selectedActor()));
  }

  #note(row: ActorRow, now: number): void {
    const { state, problem, sums } = row;
    const closed = isSupervisor(row) && (!row.open || isFlat());
    const trouble = problem === undefined ? "" : problemText(problem, state, now);
    const below = sums.problems - (problem === undefined ? 0 : 1);
    this.#cells.below.set(closed ? plural(sums.actors, "actor") : "");
    this.#cells.troubles.set(closed && below > 0 ? plural(below, "problem") : "");
    const error = trouble !== "" ? trouble : (state.lastError ?? "");
    this.#cells.note.set(error === "" ? "" : shownText(error, 200));
  }

  #mailbox(row: ActorRow, now: number): void {
    const { queued, capacity, oldestAt } = row.state;
    const { depth, fill, oldest, hasBox, isFull } = this.#cells;
    const sum = isSupervisor(row) && (!row.open || isFlat());
    if (queued === undefined) {
      depth.set(sum && row.sums.queued > 0 ? `Σ ${formatCount(row.sums.queued)}` : "");
      hasBox.set("");
      oldest.set("");
      return;
    }
    depth.set(
      capacity === undefined
        ? formatCount(queued)
        : `${formatCount(queued)} / ${formatCount(capacity)}`,
    );
    const share = capacity ? Math.min(1, queued / capacity) : queued > 0 ? 1 : 0;
    fill.set(queued === 0 ? "0" : Math.max(0.04, share).toFixed(2));
    hasBox.set(queued === 0 ? "empty" : "some");
    isFull.set(share > 0.8 ? "full" : "");
    const waits = oldestAt === undefined || queued === 0 ? 0 : now - oldestAt;
    oldest.set(waits >= 1_000 ? ageText(waits) : "");
  }

  #restarts(row: ActorRow, now: number): void {
    const { restarts, budget } = row.state;
    const { restarted, pips, used, most, pipsTitle, near } = this.#cells;
    const sum = isSupervisor(row) && (!row.open || isFlat());
    const count = sum ? row.sums.restarts : restarts;
    restarted.set(count === 0 ? "" : sum ? `Σ ${formatCount(count)}` : formatCount(count));
    pips.set(budget === undefined ? "" : budget.max > 10 ? "bar" : "pips");
    if (budget === undefined) return pipsTitle.set("");
    used.set(String(budget.used));
    most.set(String(Math.max(1, budget.max)));
    near.set(budget.used * 2 > budget.max ? "near" : "");
    pipsTitle.set(budgetText(budget, now));
  }

  #rate(row: ActorRow): void {
    const sum = isSupervisor(row);
    const rate = sum ? row.sums.rate : row.rate;
    const { rate: text, curve } = this.#cells;
    const quiet = sum ? row.sums.rate === 0 : row.minute === undefined;
    text.set(quiet ? "" : `${sum ? "Σ " : ""}${formatRate(rate)}`);
    const drawn = sum || row.minute === undefined;
    curve.set(drawn ? "" : sparkline(store.minute(row.minute!, 0), 56, 16));
  }
}

function kindOf({ state }: ActorRow): string {
  const { kind, strategy } = state;
  if (kind === "supervisor") return strategy ?? "";
  return kind === "actor" ? "" : shownText(kind, 24);
}

function shownPath(row: ActorRow): string {
  const above = pathOf(row).slice(0, -1);
  return above.map((part) => shownText(part, 24)).join(" / ");
}

/** What a screen reader says of a row; it changes with the state, not with each number. */
function labelOf({ state }: ActorRow, problem: ProblemKind | undefined): string {
  const trouble = problem === undefined || problem === state.status ? "" : `, ${problem}`;
  return `${shownText(state.name)}, ${shownText(state.kind, 24)}, ${state.status}${trouble}`;
}

function cells() {
  const glyph = shape("glyph");
  const twist = shape("twist");
  const name = element("bdi", "name");
  const kind = element("span", "kind");
  const path = element("bdi", "path");
  const below = element("span", "below");
  const troubles = element("span", "troubles");
  const note = element("bdi", "note");
  const first = element("span", "c-name", twist, glyph, name, kind, path, below, troubles, note);
  const state = element("span", "c-state");
  const meter = element("span", "meter");
  const depth = element("span", "num");
  const oldest = element("span", "oldest");
  const box = element("span", "c-box", meter, depth, oldest);
  const curve = line("spark", 56, 16);
  const rate = element("span", "num");
  const pips = element("span", "pips");
  const restarted = element("span", "num");
  const age = element("span", "c-age num");
  const row = element(
    "div",
    "row actor",
    first,
    state,
    box,
    element("span", "c-rate", curve, rate),
    element("span", "c-restarts", pips, restarted),
    age,
  );
  row.role = "treeitem";
  twist.firstElementChild!.setAttribute("href", "#s-twist");
  return {
    element: row,
    name: Patched.text(name),
    kind: Patched.text(kind),
    path: Patched.text(path),
    below: Patched.text(below),
    troubles: Patched.text(troubles),
    note: Patched.text(note),
    state: Patched.text(state),
    depth: Patched.text(depth),
    oldest: Patched.text(oldest),
    rate: Patched.text(rate),
    restarted: Patched.text(restarted),
    age: Patched.text(age),
    title: Patched.attribute(name, "title"),
    label: Patched.attribute(row, "aria-label"),
    level: Patched.attribute(row, "aria-level"),
    setSize: Patched.attribute(row, "aria-setsize"),
    place: Patched.attribute(row, "aria-posinset"),
    expanded: Patched.attribute(row, "aria-expanded"),
    selected: Patched.attribute(row, "aria-selected"),
    status: Patched.attribute(row, "data-status"),
    problem: Patched.attribute(row, "data-problem"),
    shape: Patched.attribute(glyph.firstElementChild!, "href"),
    hasBox: Patched.attribute(box, "data-box"),
    isFull: Patched.attribute(box, "data-full"),
    fill: Patched.style(meter, "--fill"),
    curve: Patched.attribute(curve.firstElementChild!, "d"),
    pips: Patched.attribute(pips, "data-as"),
    near: Patched.attribute(pips, "data-near"),
    used: Patched.style(pips, "--used"),
    most: Patched.style(pips, "--most"),
    pipsTitle: Patched.attribute(pips, "title"),
    indent: Patched.style(row, "--depth"),
  };
}
