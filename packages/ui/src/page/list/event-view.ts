import type { EventType, LifecycleEvent } from "../../lib/model/wire.ts";
import { shownText } from "../model/visible-text.ts";
import { element, Patched, shape } from "./element.ts";
import type { RowView } from "./virtual-list.ts";

/** The shape of what an event tells of. */
export const eventShapes: Readonly<Record<EventType, string>> = {
  registered: "starting",
  started: "running",
  ready: "ready",
  stopped: "stopped",
  restarting: "waiting",
  abandoned: "abandoned",
  undelivered: "undelivered",
  terminal: "failed",
};

/** Whether an event is one to look at. */
export function weightOf({ type, error }: LifecycleEvent): "critical" | "warning" | "" {
  if (type === "terminal" || type === "abandoned") return "critical";
  if (type === "restarting" || type === "undelivered") return "warning";
  return type === "stopped" && error !== undefined ? "critical" : "";
}

/** One row of the events. */
export class EventView implements RowView<LifecycleEvent> {
  readonly element: HTMLElement;
  readonly #count: () => number;
  readonly #cells = cells();

  constructor(count: () => number) {
    this.#count = count;
    this.element = this.#cells.element;
  }

  bind(event: LifecycleEvent, index: number): void {
    const cells = this.#cells;
    const name = shownText(event.path.at(-1) ?? "");
    cells.at.set(timeText(event.at));
    cells.name.set(name);
    cells.type.set(event.type);
    cells.shape.set(`#s-${eventShapes[event.type]}`);
    cells.problem.set(weightOf(event));
    const why = shownText(event.why, 300);
    cells.why.set(why);
    cells.title.set(why);
    cells.place.set(String(index + 1));
    cells.label.set(`${timeText(event.at)}, ${name} ${event.type}, ${why}`);
  }

  patch(): void {
    this.#cells.size.set(String(this.#count()));
  }
}

/** `14:03:22`, by the clock of whoever looks. */
export function timeText(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function cells() {
  const glyph = shape("glyph");
  const at = element("span", "at num");
  const name = element("bdi", "name");
  const type = element("span", "type");
  const why = element("bdi", "why");
  const row = element("div", "row event", glyph, name, type, at, why);
  row.role = "option";
  return {
    element: row,
    at: Patched.text(at),
    name: Patched.text(name),
    type: Patched.text(type),
    why: Patched.text(why),
    shape: Patched.attribute(glyph.firstElementChild!, "href"),
    title: Patched.attribute(why, "title"),
    problem: Patched.attribute(row, "data-problem"),
    label: Patched.attribute(row, "aria-label"),
    size: Patched.attribute(row, "aria-setsize"),
    place: Patched.attribute(row, "aria-posinset"),
  };
}
