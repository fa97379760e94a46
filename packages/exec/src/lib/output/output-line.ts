import type { FeedIterator, FeedReadOptions } from "@sup/core/adapter";

/** A line that the process wrote. */
export interface OutputLine {
  /** Where it was written: to its output or to its error output. */
  readonly stream: "stdout" | "stderr";
  /** The line without its end, which is LF or CRLF. Bytes that are no UTF-8 are U+FFFD. */
  readonly line: string;
  /** Whether it was longer than `maxLineLength`: this is its beginning, and the rest was dropped. */
  readonly truncated: boolean;
}

/** Options of `ExecActor.lines`; while an iterator holds `buffer` lines the process has to wait. */
export type LinesOptions = FeedReadOptions;

/** The lines of an actor from the creation of the iterator on, over its lives. */
export type LineIterator = FeedIterator<OutputLine>;
