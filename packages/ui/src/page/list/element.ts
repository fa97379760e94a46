const svg = "http://www.w3.org/2000/svg";

/** An element with a class and what is in it. */
export function element(
  tag: string,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/** A shape of `shapes.tsx`; `setShape` says which. */
export function shape(className: string): SVGSVGElement {
  const made = document.createElementNS(svg, "svg");
  made.setAttribute("class", className);
  made.setAttribute("viewBox", "0 0 12 12");
  made.setAttribute("aria-hidden", "true");
  made.append(document.createElementNS(svg, "use"));
  return made;
}

/** A line, whose `d` is that of `sparkline`. */
export function line(className: string, width: number, height: number): SVGSVGElement {
  const made = document.createElementNS(svg, "svg");
  made.setAttribute("class", className);
  made.setAttribute("viewBox", `0 0 ${width} ${height}`);
  made.setAttribute("aria-hidden", "true");
  made.append(document.createElementNS(svg, "path"));
  return made;
}

/** Sets an attribute where it is another one than the last set: comparing is cheaper than the browser's work. */
export class Patched {
  readonly #set: (value: string) => void;
  #last: string | undefined;

  constructor(set: (value: string) => void) {
    this.#set = set;
  }

  static text(parent: HTMLElement): Patched {
    const node = parent.appendChild(document.createTextNode(""));
    return new Patched((value) => (node.data = value));
  }

  static attribute(target: Element, name: string): Patched {
    return new Patched((value) => {
      if (value === "") target.removeAttribute(name);
      else target.setAttribute(name, value);
    });
  }

  static style(target: HTMLElement, property: string): Patched {
    return new Patched((value) => target.style.setProperty(property, value));
  }

  set(value: string): void {
    if (value === this.#last) return;
    this.#last = value;
    this.#set(value);
  }
}
