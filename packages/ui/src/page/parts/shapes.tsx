import { type Child, h } from "../view/h.ts";

/** The shapes by which states are told apart without their colours: what is drawn as a line, and what is filled. */
const shapes: Readonly<Record<string, readonly [line: string, filled: string]>> = {
  ready: ["", "M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8"],
  running: ["M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8", "M6 4.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2"],
  starting: ["M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8", "M6 2a4 4 0 0 1 0 8z"],
  waiting: ["M10 6a4 4 0 1 1-1.4-3", "M6.7 3.7h3.2V.5z"],
  stopping: ["M2.5 2.5h7v7h-7z", ""],
  stopped: ["", "M2 2h8v8h-8z"],
  failed: [
    "",
    "M5.3 1.2a.8.8 0 0 1 1.4 0l4.7 8.6a.8.8 0 0 1-.7 1.2H1.3a.8.8 0 0 1-.7-1.2zM5.3 4v3.4h1.4V4zm0 4.3v1.4h1.4V8.3z",
  ],
  abandoned: ["M6 1l5 5-5 5-5-5zM4.5 4.5l3 3m0-3l-3 3", ""],
  late: ["M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8M6 4v2.2l1.4 1", ""],
  undelivered: ["M1.5 3h9v6.5h-9zM1.5 3L6 6.7 10.5 3", ""],
  twist: ["M4.5 2.5L8 6l-3.5 3.5", ""],
};

/** Draws all of them once, for others to use. */
export function Shapes(): Child {
  return (
    <svg class="spoken" aria-hidden="true">
      {Object.entries(shapes).map(([name, [line, filled]]) => (
        <symbol key={name} id={`s-${name}`} viewBox="0 0 12 12">
          <path class="stroke" d={line} />
          <path fill="currentColor" fill-rule="evenodd" d={filled} />
        </symbol>
      ))}
    </svg>
  );
}

/** One of them. */
export function Shape({ name }: { name: string }): Child {
  return (
    <svg class="glyph" viewBox="0 0 12 12" aria-hidden="true">
      <use href={`#s-${name}`} />
    </svg>
  );
}
