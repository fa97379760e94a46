import { type Child, h } from "../view/h.ts";
import { VirtualList, type VirtualListOptions } from "./virtual-list.ts";

interface ListProps<Item> extends Omit<VirtualListOptions<Item>, "scroller"> {
  readonly id: string;
  readonly label: string;
  readonly role: "tree" | "listbox";
  /** Called when the page was drawn: shows what there is now. */
  readonly update: (list: VirtualList<Item>) => void;
}

const updates = new Set<() => void>();

/** A virtual list in the page; it is created once and keeps itself up to date. */
export function List<Item>({ id, label, role, update, ...options }: ListProps<Item>): Child {
  const begin = (scroller: HTMLElement) => {
    const list = new VirtualList({ scroller, ...options });
    const refresh = () => update(list);
    updates.add(refresh);
    return () => {
      updates.delete(refresh);
      list.dispose();
    };
  };
  return <div ref={begin} id={id} class="list" role={role} aria-label={label} tabindex={-1} />;
}

export function updateLists(): void {
  for (const update of updates) update();
}
