import { List } from "../list/list.tsx";
import { valueRowMarkup } from "../list/value-row.tsx";
import type { VirtualList } from "../list/virtual-list.ts";
import type { ValueRow } from "../model/row.ts";
import { page, selectValue, store } from "../session.ts";
import { type Child, h } from "../view/h.ts";

/** What is observed, in the order in which it was given. */
export function ValuesPanel(): Child {
  const { size } = store.values;
  return (
    <section class="panel values" aria-label="Values">
      <h2>
        Values <small>{size > 0 && size}</small>
      </h2>
      <List
        id="values"
        label="Observed values"
        role="listbox"
        row={valueRowMarkup}
        choose={selectValue}
        update={update}
      />
      {page.loaded && size === 0 && <p class="empty">No value is observed.</p>}
    </section>
  );
}

function update(list: VirtualList<ValueRow>): void {
  const rows = [...store.values.values()];
  const same = rows.length === list.items.length && rows.every((row, at) => row === list.items[at]);
  if (same) list.paint();
  else list.show(rows);
}
