import type { Frame } from "./frame.ts";
import type { Part } from "./part.ts";
import { type Axis, type Block, isOver, type Row } from "./plot.ts";
import { element, escaped } from "./svg.ts";
import { wrapped } from "./text.ts";
import { sizes } from "./theme.ts";
import { valueOf } from "./words.ts";

/** A heading, and its rows. */
export function drawBlock({ heading, rows }: Block, axis: Axis, frame: Frame, top: number): Part {
  const head = heading === undefined ? [] : wrapped(heading, sizes.text, frame.right - frame.left);
  const texts = head.map((line, index) =>
    element("text", { class: "heading", x: frame.left, y: top + 16 + index * 18 }, escaped(line)),
  );
  const from = head.length === 0 ? top : top + 6 + head.length * 18;
  const { height } = frame.row;
  return {
    svg: [
      ...texts,
      ...rows.flatMap((row, index) => drawRow(row, axis, frame, from + index * height)),
    ],
    bottom: from + rows.length * height + 8,
  };
}

function drawRow(row: Row, axis: Axis, frame: Frame, top: number): string[] {
  const { left, right, scale } = frame;
  const [y, baseline] = [top + frame.row.bar, top + frame.row.baseline];
  const [from, to] = [scale.at(row.spread.min), scale.at(row.spread.max)];
  return [
    `<g class="${isOver(row) ? `${row.of} over` : row.of}">`,
    ...drawGrid(axis, frame, y),
    element("text", { x: left, y: baseline }, escaped(row.name)),
    ...(from === to ? [] : [element("line", { class: "spread", x1: from, x2: to, y1: y, y2: y })]),
    element("circle", { class: "dot", cx: scale.at(row.spread.median), cy: y, r: 4.5 }),
    ...(row.limit === undefined ? [] : [upright("limit", scale.at(row.limit), y, 7)]),
    element("text", { class: "value", x: right, y: baseline }, escaped(valueOf(row, axis))),
    "</g>",
  ];
}

function drawGrid({ reference }: Axis, { scale, row }: Frame, y: number): string[] {
  const lines = scale.ticks.map((tick) => upright("grid", scale.at(tick), y, row.reach));
  return reference === undefined
    ? lines
    : [...lines, upright("reference", scale.at(reference.value), y, row.reach)];
}

function upright(kind: string, x: number, y: number, half: number): string {
  return element("line", { class: kind, x1: x, x2: x, y1: y - half, y2: y + half });
}
