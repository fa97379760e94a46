import { draw } from "../view/draw.ts";
import type { Markup } from "../view/h.ts";

export interface VirtualListOptions<Item> {
  /** What scrolls; its `--row` is the height of a row. */
  readonly scroller: HTMLElement;
  /** How the item at an index looks. */
  readonly row: (item: Item, index: number) => Markup;
  /** The item was clicked, or chosen by Enter. */
  readonly choose: (item: Item, event: Event) => void;
  /** Keys that are more than moving; true when it was one. */
  readonly pressed?: (event: KeyboardEvent, item: Item, list: VirtualList<Item>) => boolean;
}

const overscan = 6;

/**
 * A list of any length by the few rows that are in view. Nodes are pooled; the active row is drawn wherever it is, so that
 * the focus stays on it while it is scrolled away.
 */
export class VirtualList<Item> {
  readonly #options: VirtualListOptions<Item>;
  readonly #sizer = document.createElement("div");
  readonly #bound = new Map<Item, { element: HTMLElement; index: number }>();
  readonly #free: HTMLElement[] = [];
  readonly #resized: ResizeObserver;
  #items: readonly Item[] = [];
  #active = 0;
  #rowHeight = 30;
  #height = 0;
  #frame = 0;

  constructor(options: VirtualListOptions<Item>) {
    this.#options = options;
    const { scroller } = options;
    this.#sizer.className = "sizer";
    this.#sizer.role = "none";
    scroller.append(this.#sizer);
    scroller.addEventListener("scroll", () => this.#soon(), { passive: true });
    scroller.addEventListener("keydown", (event) => this.#onKey(event));
    scroller.addEventListener("focusin", ({ target }) => this.#onFocus(target as Node));
    scroller.addEventListener("click", (event) => this.#onClick(event));
    this.#resized = new ResizeObserver(() => this.#measure());
    this.#resized.observe(scroller);
    this.#measure();
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  get active(): Item | undefined {
    return this.#items[this.#active];
  }

  /** Shows these from now on; the active one stays it where it is among them. */
  show(items: readonly Item[]): void {
    const active = this.active;
    const hadFocus = this.#options.scroller.contains(document.activeElement);
    this.#items = items;
    const place = active === undefined ? -1 : items.indexOf(active);
    this.#active = place === -1 ? Math.max(0, Math.min(this.#active, items.length - 1)) : place;
    this.#resize();
    this.paint();
    if (hadFocus && place === -1) this.focus();
  }

  /** Keeps what is in view where it is while `count` items came above it. */
  shift(count: number): void {
    const { scroller } = this.#options;
    if (scroller.scrollTop > 0) scroller.scrollTop += count * this.#rowHeight;
  }

  /** Draws what is in view; only what was not in view before, where nothing else can have changed. */
  paint(onlyNew = false): void {
    const { scroller } = this.#options;
    const from = Math.max(0, Math.floor(scroller.scrollTop / this.#rowHeight) - overscan);
    const rows = Math.ceil(this.#height / this.#rowHeight) + 2 * overscan;
    const until = Math.min(this.#items.length, from + rows);
    const wanted = new Map<Item, number>();
    for (let index = from; index < until; index++) wanted.set(this.#items[index]!, index);
    if (this.#active < this.#items.length) wanted.set(this.#items[this.#active]!, this.#active);
    this.#release(wanted);
    for (const [item, index] of wanted) this.#draw(item, index, onlyNew);
  }

  /** Moves to an item, in view. */
  activate(item: Item, focus: boolean): void {
    const index = this.#items.indexOf(item);
    if (index !== -1) this.#move(index, focus);
  }

  focus(): void {
    if (this.#items.length > 0) this.#move(this.#active, true);
  }

  dispose(): void {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #release(wanted: ReadonlyMap<Item, number>): void {
    for (const [item, { element }] of this.#bound) {
      if (wanted.has(item)) continue;
      this.#bound.delete(item);
      element.hidden = true;
      element.tabIndex = -1;
      this.#free.push(element);
    }
  }

  #draw(item: Item, index: number, onlyNew: boolean): void {
    const bound = this.#bound.get(item);
    const element = bound?.element ?? this.#take();
    const isPlaced = bound?.index === index;
    // A click gives the focus to those with -1 too, and to none that has nothing.
    const tabIndex = index === this.#active ? "0" : "-1";
    if (element.getAttribute("tabindex") !== tabIndex) element.setAttribute("tabindex", tabIndex);
    if (isPlaced && onlyNew) return;
    draw(element, this.#options.row(item, index));
    if (isPlaced) return;
    this.#bound.set(item, { element, index });
    element.style.transform = `translateY(${index * this.#rowHeight}px)`;
  }

  #take(): HTMLElement {
    const element = this.#free.pop() ?? this.#sizer.appendChild(document.createElement("div"));
    element.hidden = false;
    return element;
  }

  #soon(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.paint(true);
    });
  }

  #measure(): void {
    const { scroller } = this.#options;
    this.#height = scroller.clientHeight;
    const height = Number.parseFloat(getComputedStyle(scroller).getPropertyValue("--row")) || 30;
    if (height !== this.#rowHeight) {
      const top = scroller.scrollTop / this.#rowHeight;
      this.#rowHeight = height;
      for (const bound of this.#bound.values()) bound.index = -1;
      this.#resize();
      scroller.scrollTop = top * height;
    }
    this.#soon();
  }

  #resize(): void {
    this.#sizer.style.height = `${this.#items.length * this.#rowHeight}px`;
  }

  #move(index: number, focus: boolean): void {
    const { scroller } = this.#options;
    this.#active = index;
    const top = index * this.#rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    const bottom = top + this.#rowHeight - this.#height;
    if (bottom > scroller.scrollTop) scroller.scrollTop = bottom;
    this.paint();
    if (focus) this.#bound.get(this.#items[index]!)?.element.focus({ preventScroll: true });
  }

  #itemOf(target: Node): number | undefined {
    for (const { element, index } of this.#bound.values()) {
      if (element.contains(target)) return index;
    }
    return undefined;
  }

  #onFocus(target: Node): void {
    const index = this.#itemOf(target);
    if (index === undefined || index === this.#active) return;
    this.#active = index;
    this.paint();
  }

  #onClick(event: MouseEvent): void {
    const index = this.#itemOf(event.target as Node);
    if (index === undefined) return;
    this.#active = index;
    this.#options.choose(this.#items[index]!, event);
  }

  #onKey(event: KeyboardEvent): void {
    const item = this.active;
    if (item === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#options.pressed?.(event, item, this) || this.#moved(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #moved(event: KeyboardEvent): boolean {
    const page = Math.max(1, Math.floor(this.#height / this.#rowHeight) - 1);
    const last = this.#items.length - 1;
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page }[
      event.key
    ];
    if (step !== undefined) this.#move(Math.max(0, Math.min(last, this.#active + step)), true);
    else if (event.key === "Home") this.#move(0, true);
    else if (event.key === "End") this.#move(last, true);
    else if (event.key === "Enter" || event.key === " ") this.#options.choose(this.active!, event);
    else return false;
    return true;
  }
}
