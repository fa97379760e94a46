import type { PageChange, PageSnapshot } from "../lib/model/wire.ts";
import type { LinkMessage, LinkState } from "./link/messages.ts";
import { type Link, openLink } from "./link/open-link.ts";
import { type Address, readAddress, writeAddress } from "./model/address.ts";
import { type ActorRow, pathOf, type ValueRow } from "./model/row.ts";
import { Store } from "./model/store.ts";
import { shownText } from "./model/visible-text.ts";

/** Everything that is known. */
export const store = new Store();

/** How the page stands, and what was asked of it. */
export const page: {
  link: LinkState;
  loaded: boolean;
  address: Address;
  paused: boolean;
  helping: boolean;
} = {
  link: { state: "connecting", heardAt: 0 },
  loaded: false,
  address: readAddress(location.hash),
  paused: false,
  helping: false,
};

/** Changes how the page stands. */
export function turn(to: Partial<typeof page>): void {
  Object.assign(page, to);
  redraw();
}

/** Changes what is in the address. What only narrows a list is no step to go back to. */
export function go(to: Partial<Address>, step = false): void {
  const address = { ...page.address, ...to };
  const hash = writeAddress(address);
  const url = hash === "" ? location.pathname + location.search : hash;
  if (hash !== location.hash) history[step ? "pushState" : "replaceState"](null, "", url);
  turn({ address });
}

export function select(row: ActorRow): void {
  chosen = row.id;
  go({ actor: pathOf(row), value: undefined }, true);
}

export function selectValue(row: ValueRow): void {
  go({ value: row.state.name, actor: undefined }, true);
}

export function deselect(): void {
  go({ actor: undefined, value: undefined }, true);
}

/** What the detail shows: the one that was chosen here, of those that have the same path. */
export function selectedActor(): ActorRow | undefined {
  const { actor } = page.address;
  if (actor === undefined) return undefined;
  const row = store.rows.get(chosen);
  const isThere = row !== undefined && pathOf(row).join("/") === actor.join("/");
  return isThere ? row : store.find(actor);
}

let chosen = -1;

export function selectedValue(): ValueRow | undefined {
  const { value } = page.address;
  return value === undefined ? undefined : valueNamed(value);
}

export function valueNamed(name: string): ValueRow | undefined {
  return [...store.values.values()].find(({ state }) => state.name === name);
}

/** Whether the tree is a flat list of what was searched for. */
export function isFlat(): boolean {
  return page.address.search !== "" || page.address.sort !== undefined;
}

export function backToTree(): void {
  go({ search: "", sort: undefined, panel: "tree" });
}

/** The server's clock; it stands while the server is not heard, so that what is old does not grow older by itself. */
export function serverNow(): number {
  return page.link.state === "live" ? Date.now() + ahead : store.now;
}

/** For how long another process than before is shown, while that is news. */
export function restartedFor(): number | undefined {
  const { restartedAt, now } = store;
  return restartedAt !== undefined && now - restartedAt < 60_000 ? now - restartedAt : undefined;
}

/** By how much the server's clock is ahead of this machine's: what arrived fastest tells best. */
let ahead = 0;
let sequence = 0;
let link: Link | undefined;

/** Follows the server until the page is left, and draws whatever changes. */
export function follow(draw: () => void): void {
  drawing = draw;
  addEventListener("popstate", readAgain);
  link = openLink(receive);
  setInterval(() => {
    if (page.link.state === "live") store.tick(serverNow());
    // A page that is not looked at draws nothing; its title is.
    document.title = titleOf();
    redraw();
  }, 1_000);
  redraw();
}

/** Draws what changed, before the next frame. */
export function redraw(): void {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    drawing();
  });
}

export function retry(): void {
  link?.retry();
}

let frame = 0;
let drawing = () => {};

function readAgain(): void {
  turn({ address: readAddress(location.hash) });
}

function receive(message: LinkMessage): void {
  if (message.type === "state") return turn({ link: message.state });
  if (message.type === "snapshot") {
    const snapshot = JSON.parse(message.text) as PageSnapshot;
    sequence = sequenceOf(snapshot.id);
    ahead = snapshot.now - Date.now();
    store.load(snapshot);
    page.loaded = true;
  } else if (message.type === "change" && sequenceOf(message.id) > sequence) {
    const change = JSON.parse(message.text) as PageChange;
    sequence = sequenceOf(message.id);
    ahead = Math.max(ahead, change.now - Date.now());
    store.apply(change);
  }
  redraw();
}

function sequenceOf(id: string): number {
  return Number(id.slice(id.lastIndexOf(":") + 1));
}

function titleOf(): string {
  const { root } = store;
  if (root === undefined) return "sup";
  const problems = store.problems > 0 ? `▲ ${store.problems} · ` : "";
  return `${page.link.state === "live" ? problems : "⚠ "}${shownText(root.state.name, 40)} · sup`;
}
