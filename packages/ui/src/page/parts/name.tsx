import { visibleText } from "../../lib/model/visible-text.ts";
import { shownText } from "../model/visible-text.ts";
import { type Child, h } from "../view/h.ts";

/** A name that somebody else chose: as text, apart from the text around it, with what cannot be seen written out. */
export function Name({ of, most = 96 }: { of: string; most?: number }): Child {
  const shown = shownText(of, most);
  return <bdi title={shown === of ? undefined : shownText(of, 1_000)}>{shown}</bdi>;
}

/** A sentence with what somebody else said in it, an error above all. */
export function Words({ of, most = 1_000 }: { of: string; most?: number }): Child {
  return <bdi class="words">{shownText(of, most)}</bdi>;
}

/** A sentence in one line. Where there is no room for it, it is cut before its last words: they say why. */
export function Line({ of, most = 300, class: name }: LineProps): Child {
  const shown = shownText(of, most);
  // No character is cut in two.
  const end = shown.length < 48 ? "" : shown.slice(-32).replace(/^[\udc00-\udfff]/, "");
  return (
    <bdi class={`line ${name}`} title={shown}>
      <span>{shown.slice(0, shown.length - end.length)}</span>
      <span>{end}</span>
    </bdi>
  );
}

interface LineProps {
  of: string;
  most?: number;
  class: string;
}

/** Lines of code or data, as they are but for what cannot be seen. */
export function Lines({ of }: { of: string }): Child {
  return <pre>{of.slice(0, 8_000).split("\n").map(visibleText).join("\n")}</pre>;
}
