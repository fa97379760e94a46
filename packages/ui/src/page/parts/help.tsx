import { keys } from "../keys.ts";
import { page, turn } from "../session.ts";
import { type Child, h } from "../view/h.ts";

const searches: readonly (readonly [term: string, what: string])[] = [
  ["pump", "in the name; with a / in it, in the path"],
  ["state:failed", "also kind: policy: error: path: is:problem"],
  ["mailbox>80%", "also rate> restarts> budget> age<5m oldest>2s"],
  ['-"a b"', "without it; quotes keep spaces"],
];

/** The keys and the search. */
export function Help(): Child {
  if (!page.helping) return null;
  const close = () => turn({ helping: false });
  return (
    <dialog
      aria-label="Help"
      ref={(dialog) => dialog.showModal()}
      onClose={close}
      onClick={({ target, currentTarget }) => target === currentTarget && close()}
    >
      <div class="help" tabindex={-1} autofocus>
        <h2>Keys</h2>
        <Table of={keys} />
        <h2>Search</h2>
        <Table of={searches} />
        <button onClick={close}>Close</button>
      </div>
    </dialog>
  );
}

function Table({ of }: { of: readonly (readonly [key: string, what: string])[] }): Child {
  return (
    <dl>
      {of.map(([key, what]) => (
        <div>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
