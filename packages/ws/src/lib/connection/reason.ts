/** Why an attempt to connect failed, for people; the error itself goes along as the cause. */
export function reasonOf(error: Error, isSecure: boolean): string {
  const { message, code, rawPacket } = error as NodeJS.ErrnoException & { rawPacket?: Buffer };
  const tlsFault = ofOpenSsl.exec(message)?.[1];
  if (tlsFault === "wrong version number") return "the server does not speak TLS at that port";
  if (tlsFault !== undefined) return `TLS failed: ${tlsFault}`;
  if (isTlsRecord(rawPacket)) return "the server speaks TLS at that port";
  if (!isSecure && message === "socket hang up")
    return "the server hung up without an answer, as one may that speaks TLS at that port";
  // Where all addresses of a host refuse, the error of Node has no message of its own.
  return message || (code ?? "no connection");
}

/** As in "write EPROTO 40EE:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/…". */
const ofOpenSsl = /error:[\dA-F]+:SSL routines:[^:]*:([^:]+):/;

/** What came is no HTTP, and begins as a record of TLS (RFC 8446 section 5.1) of which the content type is an alert or a handshake. */
function isTlsRecord(bytes: Buffer | undefined): boolean {
  return (bytes?.[0] === 21 || bytes?.[0] === 22) && bytes[1] === 3;
}
