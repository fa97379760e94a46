import { type Child, isMarkup, type Markup, type Props } from "./h.ts";

interface DrawnNode {
  readonly markup: Markup | string;
  readonly node: Element | Text;
  readonly inside: Drawn;
  readonly end?: (() => void) | void;
}

/** What was drawn, by its place among its siblings. */
type Drawn = Map<string, DrawnNode>;

const drawn = new WeakMap<Element, { props: Props; inside: Drawn }>();

/** Makes an element, and what is inside it, look as described, by changing what is different from before. */
export function draw(
  element: Element,
  { props, children }: Pick<Markup, "props" | "children">,
): void {
  const before = drawn.get(element);
  setAll(element, before?.props ?? {}, props);
  drawn.set(element, { props, inside: patch(element, before?.inside ?? new Map(), children) });
}

function patch(parent: Element, before: Drawn, children: readonly Child[]): Drawn {
  const wanted = new Map<string, Markup | string>();
  collect(children, "", wanted);
  // First of all: those that stay are then moved only where their order is another one, which would cost them the focus.
  for (const [place, old] of before) {
    if (tagOf(old.markup) !== tagOf(wanted.get(place))) remove(before, place, old);
  }
  const after: Drawn = new Map();
  let next = parent.firstChild;
  for (const [place, markup] of wanted) {
    const old = before.get(place);
    const node = old?.node ?? create(parent, markup);
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
    after.set(place, update(node, markup, old));
  }
  return after;
}

function update(
  node: Element | Text,
  markup: Markup | string,
  old: DrawnNode | undefined,
): DrawnNode {
  if (typeof markup === "string") {
    if (markup !== old?.markup) (node as Text).data = markup;
    return { markup, node, inside: new Map() };
  }
  const element = node as Element;
  setAll(element, (old?.markup as Markup | undefined)?.props ?? {}, markup.props);
  const inside = patch(element, old?.inside ?? new Map(), markup.children);
  const { ref } = markup.props as { ref?: (element: Element) => (() => void) | void };
  return { markup, node, inside, end: old === undefined ? ref?.(element) : old.end };
}

function remove(before: Drawn, place: string, gone: DrawnNode): void {
  before.delete(place);
  gone.node.remove();
  leave(gone);
}

/** What is left out keeps its place, so that those after it stay who they are. */
function collect(
  children: readonly Child[],
  above: string,
  wanted: Map<string, Markup | string>,
): void {
  for (const [index, child] of children.entries()) {
    const place = `${above}/${isMarkup(child) ? (child.key ?? index) : index}`;
    if (isMarkup(child)) wanted.set(place, child);
    else if (Array.isArray(child)) collect(child as Child[], place, wanted);
    else if (typeof child === "string" || typeof child === "number")
      wanted.set(place, String(child));
  }
}

function tagOf(markup: Markup | string | undefined): string | undefined {
  return typeof markup === "string" ? "" : markup?.tag;
}

function create(parent: Element, markup: Markup | string): Element | Text {
  if (typeof markup === "string") return document.createTextNode(markup);
  const { tag } = markup;
  const space = tag === "svg" ? "http://www.w3.org/2000/svg" : parent.namespaceURI;
  return document.createElementNS(space, tag);
}

function setAll(element: Element, before: Props, after: Props): void {
  for (const name of Object.keys(before)) {
    if (!(name in after)) set(element, name, undefined, before[name]);
  }
  for (const [name, value] of Object.entries(after))
    if (value !== before[name]) set(element, name, value, before[name]);
}

function set(element: Element, name: string, value: unknown, before: unknown): void {
  if (name === "ref" || name === "children") return;
  if (name.startsWith("on")) listen(element, name.toLowerCase(), value as Listener | undefined);
  else if (name === "vars") setVars(element as HTMLElement, value as Vars, before as Vars);
  else if (name === "value") (element as HTMLInputElement).value = String(value);
  else if (value === undefined || (value === false && !name.startsWith("aria")))
    element.removeAttribute(name);
  else element.setAttribute(name, value === true && !name.startsWith("aria") ? "" : String(value));
}

type Vars = Readonly<Record<string, string | number>> | undefined;

/** Custom properties: a `style` attribute would be against the policy. */
function setVars(element: HTMLElement, vars: Vars, before: Vars): void {
  for (const [name, value] of Object.entries(vars ?? {})) {
    if (before?.[name] !== value) element.style.setProperty(name, String(value));
  }
}

type Listener = (event: Event) => unknown;

/** What a handler returns means nothing here; to the browser `false` would mean to prevent its default. */
function listen(element: Element, name: string, listener: Listener | undefined): void {
  const handler = listener === undefined ? null : (event: Event) => void listener(event);
  Object.assign(element, { [name]: handler });
}

function leave({ inside, end }: DrawnNode): void {
  end?.();
  for (const child of inside.values()) leave(child);
}
