import { isAiming } from "../aim.ts";
import { actorRowMarkup } from "../list/actor-row.tsx";
import { List } from "../list/list.tsx";
import type { VirtualList } from "../list/virtual-list.ts";
import { plural } from "../model/numbers.ts";
import { type ActorRow, isSupervisor } from "../model/row.ts";
import { parseSearch } from "../model/search.ts";
import { type SortKey, sortRows } from "../model/sort.ts";
import { allRows, treeRows } from "../model/tree-rows.ts";
import {
  backToTree,
  go,
  isFlat,
  page,
  redraw,
  select,
  selectedActor,
  serverNow,
  store,
} from "../session.ts";
import { type Child, h } from "../view/h.ts";

/** The tree, or what of it was searched for. */
export function TreePanel(): Child {
  refresh();
  const { sort } = page.address;
  return (
    <section class="panel tree" aria-label="Actors">
      {isFlat() && (
        <p class="found">
          {plural(rows.length, "row")}
          {sort && `, sorted by ${sort.key}`}
          <button class="quiet" onClick={backToTree}>
            Back to the tree
          </button>
        </p>
      )}
      <div class="columns">
        {columns.map(([key, label]) => (
          <Column sortKey={key} label={label} />
        ))}
      </div>
      <List
        id="tree"
        label="Supervision tree"
        role="tree"
        row={(row, index) => actorRowMarkup(row, index, rows.length)}
        choose={choose}
        pressed={pressed}
        update={update}
      />
      {page.loaded && rows.length === 0 && <p class="empty">Nothing in the tree is like that.</p>}
      {store.rows.size === 1 && <p class="empty">Nothing is supervised yet.</p>}
    </section>
  );
}

const columns: readonly (readonly [key: SortKey, label: string])[] = [
  ["name", "Name"],
  ["state", "State"],
  ["mailbox", "Mailbox"],
  ["rate", "Messages/s"],
  ["restarts", "Restarts"],
  ["age", "Up"],
];

/** Sorts by it, then the other way round, then no more. */
function Column({ sortKey: key, label }: { sortKey: SortKey; label: string }): Child {
  const { sort } = page.address;
  const first = key !== "name" && key !== "state";
  const mine = sort?.key === key ? sort : undefined;
  const isOver = mine !== undefined && mine.descending !== first;
  const descending = mine === undefined ? first : !first;
  return (
    <span class={`c-${key}`}>
      <button
        aria-pressed={mine !== undefined}
        title={`Sort by ${label.toLowerCase()}`}
        onClick={() => go({ sort: isOver ? undefined : { key, descending } })}
      >
        {label}
        {mine && (mine.descending ? " ↓" : " ↑")}
      </button>
    </span>
  );
}

let rows: readonly ActorRow[] = [];
let madeFor = "";
let madeAt = 0;
let shown: readonly ActorRow[] | undefined;
let shownFor = "";
let revealed: ActorRow | undefined;

/** A flat list is made anew once a second, unless somebody aims at it; the tree when something came, went or was opened. */
function refresh(): void {
  const selected = selectedActor();
  if (asked() !== shownFor && !isFlat()) revealed = undefined;
  if (selected !== revealed && selected !== undefined) store.reveal(selected);
  const { search, sort } = page.address;
  if (!isAiming(".tree")) madeAt = store.second;
  const wanted = `${store.structure} ${asked()} ${isFlat() && madeAt}`;
  if (wanted === madeFor) return;
  madeFor = wanted;
  const found = search === "" ? undefined : parseSearch(search).matches;
  const now = serverNow();
  const all = isFlat() ? allRows(store.root) : treeRows(store.root);
  const some = found === undefined ? all : all.filter((row) => found(row, now));
  rows = sort === undefined ? some : sortRows(some, sort);
}

function asked(): string {
  const { search, sort } = page.address;
  return JSON.stringify([search, sort]);
}

/** Brings the selected row into view, in the tree. */
export function showInTree(): void {
  revealed = undefined;
  backToTree();
}

function update(list: VirtualList<ActorRow>): void {
  if (rows === shown) list.paint();
  else list.show(rows);
  shown = rows;
  if (asked() !== shownFor && isFlat() && rows.length > 0) list.activate(rows[0]!, false);
  shownFor = asked();
  const selected = selectedActor();
  if (selected !== revealed && selected !== undefined) list.activate(selected, false);
  revealed = selected;
}

function choose(row: ActorRow, event: Event): void {
  const twisted = (event.target as Element).closest(".twist") !== null;
  if (twisted) toggle(row, !row.open);
  else select(row);
}

function toggle(row: ActorRow, open: boolean): void {
  store.setOpen(row, open);
  redraw();
}

function pressed({ key }: KeyboardEvent, row: ActorRow, list: VirtualList<ActorRow>): boolean {
  if (isFlat()) return false;
  const parent = isSupervisor(row);
  if (key === "ArrowRight" && parent) {
    if (row.open && row.children.length > 0) list.activate(row.children[0]!, true);
    toggle(row, true);
  } else if (key === "ArrowLeft" && parent && row.open) toggle(row, false);
  else if (key === "ArrowLeft" && row.parent !== undefined) list.activate(row.parent, true);
  else if (key === " " && parent) toggle(row, !row.open);
  else if (key === "*") openSiblings(row);
  else return false;
  return true;
}

function openSiblings(row: ActorRow): void {
  for (const sibling of row.parent?.children ?? [row])
    store.setOpen(sibling, isSupervisor(sibling));
  redraw();
}
