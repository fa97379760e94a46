import { eventStream } from "./event-stream.ts";
import type { LinkMessage, LinkState } from "./messages.ts";
import { Watch } from "./watch.ts";

export interface ConnectionOptions {
  /** Where `api/v1/…` is. */
  readonly base: string;
  /** Milliseconds without a sign of life after which the stream is taken for dead; 5,000 unless given. */
  readonly patience?: number;
  readonly tell: (message: LinkMessage) => void;
}

/** How much longer than for a sign of life it waits for a snapshot, which may be megabytes on a slow line. */
const snapshotPatience = 4;
const firstDelay = 250;
const longestDelay = 5_000;

/** One stream from the server, kept alive: a snapshot first, then what changed, and again from where it broke off. */
export class Connection {
  readonly #base: string;
  readonly #patience: number;
  readonly #tell: (message: LinkMessage) => void;
  #life: AbortController | undefined;
  /** `epoch:sequence` of the last change that was told. */
  #id: string | undefined;
  #heardAt = 0;
  #failures = 0;
  #wake: (() => void) | undefined;
  #state: LinkState = { state: "connecting", heardAt: 0 };

  constructor({ base, patience = 5_000, tell }: ConnectionOptions) {
    this.#base = base;
    this.#patience = patience;
    this.#tell = tell;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Connects, unless it is. */
  open(): void {
    if (this.#life !== undefined) return;
    this.#life = new AbortController();
    void this.#run(this.#life.signal);
  }

  close(): void {
    this.#life?.abort();
    this.#life = undefined;
    this.#state = { state: "connecting", heardAt: this.#heardAt };
  }

  /** Tries again at once instead of after its delay. */
  retry(): void {
    this.#wake?.();
  }

  /** Everything as it is now, as text. */
  async snapshot(signal?: AbortSignal): Promise<{ id: string; text: string }> {
    const response = await this.#get("api/v1/snapshot", "application/json", signal);
    const text = await response.text();
    this.#heard();
    return { id: idOf(text), text };
  }

  async #run(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      const attempt = new AbortController();
      const signal = AbortSignal.any([life, attempt.signal]);
      try {
        await this.#attempt(signal, attempt);
      } catch (error) {
        if (life.aborted) return;
        this.#failures++;
        this.#become("reconnecting", reasonOf(error));
      }
      await this.#pause(life);
    }
  }

  async #attempt(signal: AbortSignal, attempt: AbortController): Promise<void> {
    const watch = new Watch(this.#patience, () => attempt.abort(new Error("the server is silent")));
    const heard = () => {
      this.#heard();
      watch.begin(1);
    };
    const load = async () => {
      watch.begin(snapshotPatience);
      await this.#load(signal);
    };
    try {
      if (this.#id === undefined) await load();
      watch.begin(1);
      const path = `api/v1/stream?after=${encodeURIComponent(this.#id!)}`;
      const { body } = await this.#get(path, "text/event-stream", signal);
      heard();
      this.#failures = 0;
      this.#become("live");
      for await (const { type, id, data } of eventStream(body!, heard)) {
        if (type === "resync") await load();
        else if (type === "change") {
          this.#id = id;
          this.#tell({ type: "change", id, text: data });
        }
      }
      throw new Error("the stream ended");
    } finally {
      watch.end();
      attempt.abort();
    }
  }

  async #load(signal: AbortSignal): Promise<void> {
    const { id, text } = await this.snapshot(signal);
    this.#id = id;
    this.#tell({ type: "snapshot", text });
  }

  async #get(path: string, accept: string, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(this.#base + path, {
      headers: { accept },
      ...(signal && { signal }),
    });
    if (response.ok) return response;
    void response.body?.cancel();
    throw new Error(refusals[response.status] ?? `the server answered ${response.status}`);
  }

  async #pause(life: AbortSignal): Promise<void> {
    const delay = Math.min(longestDelay, firstDelay * 2 ** (this.#failures - 1));
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, delay * (0.75 + Math.random() / 2));
    life.addEventListener("abort", () => resolve(), { once: true });
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  #heard(): void {
    this.#heardAt = Date.now();
  }

  #become(state: LinkState["state"], reason?: string): void {
    this.#state = { state, heardAt: this.#heardAt, ...(reason !== undefined && { reason }) };
    this.#tell({ type: "state", state: this.#state });
  }
}

/** Without parsing what may be megabytes: other ids are numbers, and quotes within a string are escaped. */
function idOf(snapshot: string): string {
  const [, id] = /"id":"([^"]+)"/.exec(snapshot) ?? [];
  if (id === undefined) throw new Error("the server sent no snapshot");
  return id;
}

const refusals: Readonly<Record<number, string>> = {
  401: "it wants to know who you are",
  403: "it does not let you in",
  421: "it does not go by this name",
  429: "it has as many viewers of your address as it takes",
  503: "it has as many viewers as it takes",
};

function reasonOf(error: unknown): string {
  // A refused connection is a TypeError, worded differently by each browser.
  if (error instanceof TypeError) return "the server does not answer";
  return error instanceof Error ? error.message : String(error);
}
