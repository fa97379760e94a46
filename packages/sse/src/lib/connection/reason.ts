/** Why there is no connection, or none any more, for people; the error itself goes along as the cause. */
export function reasonOf(error: unknown, url: URL): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause, code, rawPacket } = error as NodeJS.ErrnoException & {
    readonly rawPacket?: Uint8Array;
  };
  // fetch tells why in the cause of its error.
  if (cause instanceof Error) return `${message} (${reasonOf(cause, url)})`;
  const tlsFault = ofOpenSsl.exec(message)?.[1];
  if (tlsFault === "wrong version number") return "the server does not speak TLS at that port";
  if (tlsFault !== undefined) return `TLS failed: ${tlsFault}`;
  if (isTlsRecord(rawPacket)) return "the server speaks TLS at that port";
  if (message === "socket hang up" && url.protocol === "http:")
    return "the server hung up without an answer, as one may that speaks TLS at that port";
  // The `AggregateError` of a host with several addresses has an empty message.
  return message || code || error.name;
}

/** As in "write EPROTO 40EE:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/…". */
const ofOpenSsl = /error:[\dA-F]+:SSL routines:[^:]*:([^:]+):/;

/** What came is no HTTP, and begins as a record of TLS (RFC 8446, section 5.1): an alert, or a handshake. */
function isTlsRecord(bytes: Uint8Array | undefined): boolean {
  return (bytes?.[0] === 21 || bytes?.[0] === 22) && bytes[1] === 3;
}
