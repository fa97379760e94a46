import type { HeaderFields } from "./headers.ts";

/** One request for a stream. */
export interface StreamRequest {
  /** Without user name, password and fragment. */
  readonly url: URL;
  readonly method: string;
  readonly fields: HeaderFields;
  readonly body: string | Uint8Array | undefined;
}

/** A URL as messages name it: query, user name and password may be secrets. */
export function addressOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

/** The URL without what is not sent with it. */
export function withoutCredentialsInUrl(url: URL): URL {
  const bare = new URL(url);
  bare.username = bare.password = bare.hash = "";
  return bare;
}
