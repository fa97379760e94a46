import { deselect, page, selectedActor, selectedValue } from "../session.ts";
import { type Child, h } from "../view/h.ts";
import { ActorDetailPanel } from "./actor-detail.tsx";
import { EventsPanel } from "./events-panel.tsx";
import { Name } from "./name.tsx";
import { ValueDetailPanel } from "./value-detail.tsx";
import { ValuesPanel } from "./values-panel.tsx";

/** The detail of what is selected, or the values and the events. */
export function Side(): Child {
  const { actor, value } = page.address;
  const name = value ?? actor?.at(-1);
  if (name === undefined) {
    return (
      <div key="panels" class="side">
        <ValuesPanel />
        <EventsPanel />
      </div>
    );
  }
  const row = selectedActor();
  const observed = selectedValue();
  return (
    <aside key="detail" class="side detail panel" aria-label="Detail">
      {row ? (
        <ActorDetailPanel key={`a${row.id}`} row={row} />
      ) : observed ? (
        <ValueDetailPanel key={`v${observed.id}`} row={observed} />
      ) : (
        <div class="sheet">
          <h2>
            <Name of={name} />
          </h2>
          <p class="empty">{page.loaded && "It is not there: it may have stopped for good."}</p>
        </div>
      )}
      <button class="icon close" onClick={deselect} aria-label="Close" title="Close (Esc)">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 4l8 8m0-8l-8 8" class="stroke" />
        </svg>
      </button>
    </aside>
  );
}
