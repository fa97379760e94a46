/** A line that the process wrote. */
export interface OutputLine {
  /** Where it was written: to its output or to its error output. */
  readonly stream: "stdout" | "stderr";
  /** The line without its end, which is LF or CRLF. Bytes that are no UTF-8 are U+FFFD. */
  readonly line: string;
  /** Whether it was longer than `maxLineLength`: this is its beginning, and the rest was dropped. */
  readonly truncated: boolean;
}
