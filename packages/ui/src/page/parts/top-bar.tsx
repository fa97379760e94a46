import { ageText } from "../../lib/model/age.ts";
import { focusPanel } from "../keys.ts";
import { parseSearch } from "../model/search.ts";
import { go, page, restartedFor, retry, store, turn } from "../session.ts";
import { type Child, h } from "../view/h.ts";
import { Name } from "./name.tsx";
import { changeTheme, theme } from "./theme.ts";

export function TopBar(): Child {
  return (
    <header class="top">
      <h1>
        <svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M10 5v3.5H4.5V12M10 8.5h5.5V12" class="stroke" />
          <path d="M10 1.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5M4.5 11.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5M15.5 11.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5" />
        </svg>
        {store.root === undefined ? "sup" : <Name of={store.root.state.name} most={40} />}
      </h1>
      <SearchField />
      <Connection />
      <button
        id="theme"
        class="icon"
        onClick={changeTheme}
        aria-label={`Theme: ${theme}`}
        title={`Theme: ${theme} (t)`}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path class="stroke" d={circle} />
          <path
            fill="currentColor"
            d={{ system: "M8 2.5v11a5.5 5.5 0 0 0 0-11", dark: circle, light: "" }[theme]}
          />
        </svg>
      </button>
      <button
        class="icon"
        onClick={() => turn({ helping: true })}
        aria-label="Help"
        title="Keys and search (?)"
      >
        ?
      </button>
    </header>
  );
}

const circle = "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11";

function SearchField(): Child {
  const { search } = page.address;
  const [complaint] = parseSearch(search).complaints;
  return (
    <div class="search" role="search">
      <input
        id="search"
        type="search"
        value={search}
        placeholder="Search: a name, state:failed, mailbox>100"
        aria-label="Search the tree"
        aria-invalid={complaint !== undefined}
        aria-describedby="complaint"
        autocomplete="off"
        spellcheck="false"
        onInput={({ currentTarget }) => go({ search: currentTarget.value, panel: "tree" })}
        onKeyDown={({ key }) => (key === "Enter" || key === "ArrowDown") && focusPanel("tree")}
      />
      <kbd aria-hidden="true">/</kbd>
      <p id="complaint">{complaint}</p>
    </div>
  );
}

/** Whether what is shown is so now. */
function Connection(): Child {
  const { state, heardAt, reason } = page.link;
  const news = restartedFor();
  const isLost = state === "reconnecting";
  const isLive = state === "live" && page.loaded;
  const word = isLive || isLost ? state : "connecting";
  const isNew = isLive && news !== undefined;
  return (
    <p class="link" data-state={isNew ? "restarted" : word} title={reason}>
      <i /> {word}
      {isNew && <span> · process restarted {ageText(news)} ago</span>}
      {isLost && [
        heardAt > 0 && <b>, data {ageText(Date.now() - heardAt)} old</b>,
        <span class="reason">: {reason}</span>,
        <button onClick={retry}>Try now</button>,
      ]}
    </p>
  );
}
