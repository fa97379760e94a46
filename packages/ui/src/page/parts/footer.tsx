import { formatBytes, formatRate, plural } from "../model/numbers.ts";
import { page, store } from "../session.ts";
import { type Child, h } from "../view/h.ts";

/** What the dashboard itself costs, and what it has for machines. */
export function Footer(): Child {
  const { viewers, frames, bytes, skipped, cpu } = store.self;
  const costs = [
    plural(viewers, "viewer"),
    `${formatRate(frames)} frames/s`,
    `${formatBytes(bytes)}/s`,
    skipped > 0 && `${plural(skipped, "frame")} skipped`,
    `${(cpu * 100).toFixed(1)} % of a core`,
  ];
  return (
    <footer class="foot num">
      {page.loaded && costs.map((cost) => cost && <span>{cost}</span>)}
      <span class="links">
        <a href="tree.txt">tree.txt</a>
        <a href="api/v1/tree">JSON</a>
        <a href="metrics">metrics</a>
        <a href="healthz">health</a>
      </span>
    </footer>
  );
}
