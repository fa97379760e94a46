/** What JSX makes: an element to be, or a text. */
export interface Markup {
  readonly tag: string;
  readonly props: Props;
  readonly children: readonly Child[];
  readonly key: string | number | undefined;
}

export type Child = Markup | string | number | boolean | undefined | null | readonly Child[];

/** What an element may have. Functions become its handlers, whatever else its attributes. */
export interface Props {
  readonly [attribute: string]: unknown;
}

type Component = (props: never) => Child;

/** What JSX calls; a component is a function of its props, called at once. */
export function h(
  tag: string | Component,
  props: (Props & { key?: string | number }) | null,
  ...children: readonly Child[]
): Child {
  const { key, ...rest } = props ?? {};
  if (typeof tag === "string") return { tag, props: rest, children, key };
  const made = tag({ ...rest, children } as never);
  return key !== undefined && isMarkup(made) ? { ...made, key } : made;
}

export function isMarkup(child: Child): child is Markup {
  return typeof child === "object" && child !== null && "tag" in child;
}

type Handler<Of, Target> = (event: Of & { readonly currentTarget: Target }) => void;

interface Attributes<Target> {
  readonly children?: Child;
  readonly key?: string | number;
  /** Called with the element when it is there; what it returns when it is there no more. */
  readonly ref?: (element: Target) => (() => void) | void;
  readonly onClick?: Handler<MouseEvent, Target>;
  readonly onInput?: Handler<InputEvent, Target>;
  readonly onKeyDown?: Handler<KeyboardEvent, Target>;
  readonly onClose?: Handler<Event, Target>;
  readonly [attribute: string]: unknown;
}

type Elements = SVGElementTagNameMap & HTMLElementTagNameMap;

declare global {
  // How TypeScript finds the types of JSX.
  // oxlint-disable-next-line typescript/no-namespace
  namespace JSX {
    type Element = Child;
    interface ElementChildrenAttribute {
      children: unknown;
    }
    interface IntrinsicAttributes {
      key?: string | number;
    }
    type IntrinsicElements = { readonly [Tag in keyof Elements]: Attributes<Elements[Tag]> };
  }
}
