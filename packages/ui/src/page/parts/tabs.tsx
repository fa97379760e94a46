import { go, page } from "../session.ts";
import { type Child, h } from "../view/h.ts";

/** On a narrow page, which of the panels is shown. */
export function Tabs(): Child {
  return (
    <nav class="tabs" aria-label="Panels">
      {(["tree", "values", "events"] as const).map((panel) => (
        <button aria-pressed={page.address.panel === panel} onClick={() => go({ panel })}>
          {panel}
        </button>
      ))}
    </nav>
  );
}
