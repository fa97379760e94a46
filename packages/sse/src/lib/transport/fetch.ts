import { unlessAborted } from "@sup/core/adapter";
import type { StreamRequest } from "../request/request.ts";
import type { BodyReader, Exchange, Transport } from "./transport.ts";

/** A transport of the user's own: the built-in `fetch`, or a function that does the same. */
export type SseFetch = (url: string, request: SseFetchRequest) => Promise<SseFetchResponse>;

/** What an own `fetch` is asked for. */
export interface SseFetchRequest {
  /** As in HTTP: `GET`, `POST`. */
  method: string;
  /** Those of the options and those of the protocol, by their names. */
  headers: Record<string, string>;
  /** What to send, if there is anything. */
  body?: string | Uint8Array<ArrayBuffer>;
  /** Redirects are followed by the actor, which keeps credentials at home. */
  redirect: "manual";
  /** Aborted when the life ends: the response, and its body, must end with it. */
  signal: AbortSignal;
}

/** What is needed of a response. */
export interface SseFetchResponse {
  /** The status of HTTP. */
  readonly status: number;
  /** Where it came from, if that is known. */
  readonly url?: string | undefined;
  /** Its headers, whatever the case of the name that is asked for. */
  readonly headers: { get(name: string): string | null };
  /** Its body as it comes, or none. */
  readonly body: SseFetchBody | null;
}

/** What is needed of a `ReadableStream`. */
interface SseFetchBody {
  getReader(): SseFetchReader;
  cancel(): Promise<void>;
}

interface SseFetchReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

export function fetchTransport(fetch: SseFetch): Transport {
  return async ({ url, method, fields, body }: StreamRequest, signal: AbortSignal) => {
    const request: SseFetchRequest = {
      method,
      headers: { ...fields, "accept-encoding": "identity" },
      ...(body !== undefined && { body: body as string | Uint8Array<ArrayBuffer> }),
      redirect: "manual",
      signal,
    };
    const discard = (response: SseFetchResponse) => void cancel(response?.body).catch(ignore);
    const response = await unlessAborted(fetch(url.href, request), signal, discard);
    checkResponse(response);
    return new FetchExchange(response);
  };
}

class FetchExchange implements Exchange {
  readonly status: number;
  readonly url: URL | undefined;
  /** It is for a fetch to decode what it accepts. */
  readonly encoding: undefined;
  readonly #response: SseFetchResponse;
  #reader: SseFetchReader | undefined;
  #isClosed = false;

  constructor(response: SseFetchResponse) {
    const { status, url = "" } = response;
    this.status = status;
    this.url = URL.canParse(url) ? new URL(url) : undefined;
    this.#response = response;
  }

  header(name: string): string | undefined {
    return this.#response.headers.get(name) ?? undefined;
  }

  read({ onBytes, onEnd }: BodyReader): void {
    this.#pump(onBytes).then(() => onEnd(), onEnd);
  }

  /** A body that does not end when it is cancelled holds nobody up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    cancel(this.#reader ?? this.#response.body).catch(ignore);
  }

  async #pump(onBytes: (bytes: Uint8Array) => void): Promise<void> {
    this.#reader = this.#response.body?.getReader();
    while (!this.#isClosed) {
      const { done, value } = (await this.#reader?.read()) ?? { done: true };
      if (done) return;
      if (value !== undefined) onBytes(value);
    }
  }
}

/** A function of the user's may have given anything. */
function checkResponse(response: SseFetchResponse): void {
  const { status, headers, body } = Object(response) as Partial<SseFetchResponse>;
  const isResponse =
    Number.isInteger(status) &&
    typeof headers?.get === "function" &&
    (body == null || typeof body.getReader === "function");
  if (isResponse) return;
  throw new TypeError("`fetch` must resolve to a response, with a status, headers and a body");
}

async function cancel(stream: { cancel(): Promise<void> } | null | undefined): Promise<void> {
  await stream?.cancel();
}

function ignore(): void {}
