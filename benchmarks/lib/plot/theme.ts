/** Pixels. */
export const sizes = { title: 15, text: 13, small: 12, pad: 16 } as const;

/**
 * Colours of the dashboard, by day and by night. The ground is drawn, too: a page whose theme differs from its reader's
 * system shows a card of the other one, and not dark text on dark.
 */
export const style = `
  svg { --ground: #ffffff; --edge: #e1e5ea; --grid: #e1e5ea; --text: #1b2027; --dim: #535d6b; --other: #8a94a3; --sup: #1d5fc4; --over: #c84400 }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --edge: #232a34; --grid: #232a34; --text: #e4e8ee; --dim: #99a3b1; --other: #7f8a98; --sup: #6ea8fe; --over: #ff8a57 }
  }
  text { font: ${sizes.text}px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; font-variant-numeric: tabular-nums; fill: var(--text) }
  .ground { fill: var(--ground); stroke: var(--edge) }
  .title { font-size: ${sizes.title}px; font-weight: 600 }
  .heading { font-weight: 600 }
  .small { font-size: ${sizes.small}px; fill: var(--dim) }
  .end, .value { text-anchor: end }
  .middle { text-anchor: middle }
  .grid { stroke: var(--grid); shape-rendering: crispEdges }
  .reference { stroke: var(--dim); shape-rendering: crispEdges }
  .limit { stroke: var(--text); stroke-width: 2; shape-rendering: crispEdges }
  .spread { stroke: var(--other); stroke-width: 9; opacity: 0.32 }
  .dot { fill: var(--other) }
  .mixed .sup text { font-weight: 600 }
  .sup .spread { stroke: var(--sup) }
  .sup .dot { fill: var(--sup) }
  .over .value { fill: var(--over) }
  .over .spread { stroke: var(--over) }
  .over .dot { fill: var(--over) }
`;
