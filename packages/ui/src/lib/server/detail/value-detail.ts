import type { Inspectable } from "@sup/bus";
import type { ValueDetail } from "../../model/wire.ts";
import type { Feed } from "../feed/feed.ts";
import { ValueRow } from "../rows/value-row.ts";
import { givenNameOf } from "../text/name.ts";
import type { Redact } from "../text/redaction.ts";
import { valueText } from "../text/value-text.ts";

/** Characters of a value that somebody looks at. */
const fullLength = 2_048;

/** The observed value number `id`; `undefined` when there is none. */
export function valueDetailOf(
  feed: Feed,
  id: number,
  redact: Redact | undefined,
): ValueDetail | undefined {
  const row = feed.values[id];
  if (row === undefined) return undefined;
  feed.refresh();
  return detailOf(feed, id, row.value, redact);
}

/** Any value, as it is now; `id` is that of an observed one, or -1. */
export function detailOf(
  feed: Feed,
  id: number,
  value: Inspectable<unknown>,
  redact: Redact | undefined,
): ValueDetail {
  const row = new ValueRow(id, value, redact);
  row.read((actor) => feed.rows.get(actor) !== undefined);
  const { state } = row;
  if (state.text === undefined) return state;
  const full = valueText(givenNameOf(value), value.status().value, { length: fullLength, redact });
  return { ...state, full };
}
