import { plural } from "../model/numbers.ts";
import { shownText } from "../model/visible-text.ts";
import { page, store } from "../session.ts";
import { type Child, h } from "../view/h.ts";

/** Milliseconds between two sentences: who listens has to hear one out. */
const pace = 5_000;

let sentence = "";
let saidAt = 0;

/** Tells those who listen instead of look of problems, and of nothing else. */
export function Announcer(): Child {
  const now = Date.now();
  const next = whatToSay();
  if (next !== sentence && now - saidAt >= pace) {
    sentence = next;
    saidAt = now;
  }
  return (
    <p class="spoken" role="status">
      {sentence}
    </p>
  );
}

function whatToSay(): string {
  if (page.link.state === "reconnecting") return "Connection lost, what is shown is old";
  const [first] = store.troubled;
  if (first === undefined) return sentence === "" ? "" : "No problems";
  return `${plural(store.problems, "problem")}, ${shownText(first.state.name, 40)}: ${first.problem!}`;
}
