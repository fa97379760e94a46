import { type Sort, sortKeys } from "./sort.ts";

/** What of the page is in its address, so that it can be shared and gone back to. */
export interface Address {
  readonly search: string;
  readonly sort: Sort | undefined;
  /** What the detail shows: the path of an actor, or the name of a value. */
  readonly actor: readonly string[] | undefined;
  readonly value: string | undefined;
  /** Which panel a narrow page shows. */
  readonly panel: Panel;
  /** What the events are filtered by. */
  readonly events: string;
}

export type Panel = "tree" | "values" | "events";

export const emptyAddress: Address = {
  search: "",
  sort: undefined,
  actor: undefined,
  value: undefined,
  panel: "tree",
  events: "",
};

/** Reads the part after the `#`; what it does not understand it leaves out. */
export function readAddress(hash: string): Address {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const panel = fields.get("panel");
  return {
    search: fields.get("q") ?? "",
    sort: readSort(fields.get("sort") ?? ""),
    actor: fields.get("actor")?.split("/").map(unescaped),
    value: fields.get("value") ?? undefined,
    panel: panel === "values" || panel === "events" ? panel : "tree",
    events: fields.get("events") ?? "",
  };
}

export function writeAddress({ search, sort, actor, value, panel, events }: Address): string {
  const fields = new URLSearchParams();
  if (search !== "") fields.set("q", search);
  if (sort !== undefined) fields.set("sort", `${sort.descending ? "-" : ""}${sort.key}`);
  if (actor !== undefined) fields.set("actor", actor.map(escaped).join("/"));
  if (value !== undefined) fields.set("value", value);
  if (panel !== "tree") fields.set("panel", panel);
  if (events !== "") fields.set("events", events);
  const text = fields.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text === "" ? "" : `#${text}`;
}

function readSort(text: string): Sort | undefined {
  const key = sortKeys.find((key) => key === text.replace(/^-/, ""));
  return key && { key, descending: text.startsWith("-") };
}

// A name may hold the slash that separates names.
function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unescaped(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}
