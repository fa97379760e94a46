import { isAiming } from "../aim.ts";
import type { LifecycleEvent } from "../../lib/model/wire.ts";
import { eventRowMarkup } from "../list/event-row.tsx";
import { List } from "../list/list.tsx";
import type { VirtualList } from "../list/virtual-list.ts";
import { formatCount } from "../model/numbers.ts";
import { pathOf } from "../model/row.ts";
import { go, page, store, turn } from "../session.ts";
import { type Child, h } from "../view/h.ts";

/** What happened, the newest on top. */
export function EventsPanel(): Child {
  refresh();
  const { paused, loaded, address } = page;
  const fresh = (store.events.at(-1)?.seq ?? 0) - (source.at(-1)?.seq ?? 0);
  return (
    <section class="panel events" aria-label="Events">
      <h2>
        Events <small>{shown.length > 0 && formatCount(shown.length)}</small>
        <input
          type="search"
          value={address.events}
          placeholder="Filter"
          aria-label="Filter the events"
          autocomplete="off"
          spellcheck="false"
          onInput={({ currentTarget }) => go({ events: currentTarget.value })}
        />
        <button aria-pressed={paused} title="Pause (p)" onClick={() => turn({ paused: !paused })}>
          {paused ? `Paused · ${formatCount(fresh)} new` : "Pause"}
        </button>
      </h2>
      <List
        id="events"
        label="Lifecycle events, newest first"
        role="listbox"
        row={(event, index) => eventRowMarkup(event, index, shown.length)}
        choose={choose}
        update={update}
      />
      {loaded && shown.length === 0 && (
        <p class="empty">
          {address.events === "" ? "Nothing has happened yet." : "No event is like that."}
        </p>
      )}
    </section>
  );
}

let source: readonly LifecycleEvent[] = [];
let filter = "";
let shown: readonly LifecycleEvent[] = [];

function refresh(): void {
  const wanted = page.address.events.trim().toLowerCase();
  const isHeld = source.length > 0 && (page.paused || isAiming("#events"));
  const next = isHeld ? source : store.events;
  if (next === source && wanted === filter) return;
  source = next;
  filter = wanted;
  shown = source.filter((event) => wanted === "" || isLike(event, wanted)).toReversed();
}

function isLike({ type, path, why }: LifecycleEvent, wanted: string): boolean {
  return `${type} ${path.join("/")} ${why}`.toLowerCase().includes(wanted);
}

function update(list: VirtualList<LifecycleEvent>): void {
  if (list.items === shown) return list.paint();
  const newest = list.items[0]?.seq ?? Infinity;
  const fresh = shown.findIndex(({ seq }) => seq <= newest);
  list.show(shown);
  if (fresh > 0) list.shift(fresh);
}

function choose({ actor, path }: LifecycleEvent): void {
  const row = store.rows.get(actor);
  go({ actor: row === undefined ? path : pathOf(row), value: undefined }, true);
}
