import { middleCut } from "../../lib/model/middle-cut.ts";
import { visibleText } from "../../lib/model/visible-text.ts";

/** What somebody else named or said, as a row shows it. */
export function shownText(text: string, most = 96): string {
  return middleCut(visibleText(middleCut(text, 4 * most)), most);
}
