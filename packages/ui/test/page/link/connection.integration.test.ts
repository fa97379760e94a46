import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { Connection } from "../../../src/page/link/connection.ts";
import type { LinkMessage } from "../../../src/page/link/messages.ts";
import { expectSoon } from "../expect-soon.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers as it is told, request by request, and whoever is connected to it. */
class Scene implements AsyncDisposable {
  readonly requests: string[] = [];
  readonly told: string[] = [];
  readonly #server = createServer((request, response) => {
    this.requests.push(request.url!);
    const answer = this.#answers.shift();
    if (answer === undefined) response.writeHead(500).end();
    else answer(response, request);
  });
  readonly #answers: Answer[];
  #connection: Connection | undefined;

  constructor(...answers: readonly Answer[]) {
    this.#answers = [...answers];
  }

  async open(patience = 5_000): Promise<Connection> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    const { port } = this.#server.address() as AddressInfo;
    const base = `http://127.0.0.1:${port}/sup/`;
    this.#connection = new Connection({
      base,
      patience,
      tell: (message) => this.told.push(textOf(message)),
    });
    this.#connection.open();
    return this.#connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection?.close();
    this.#server.closeAllConnections();
    await once(this.#server.close(), "close");
  }
}

function textOf(message: LinkMessage): string {
  if (message.type !== "state") return `${message.type} ${"text" in message ? message.text : ""}`;
  const { state, reason } = message.state;
  return reason === undefined ? state : `${state}: ${reason}`;
}

const snapshot =
  (id: string): Answer =>
  (response) =>
    response.end(`{"version":1,"id":"${id}"}`);

const stream =
  (text: string, ends = false): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(text);
    if (ends) response.end();
  };

const refuse =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status).end("no");

const change = (id: string, data: string) => `event: change\nid: ${id}\ndata: ${data}\n\n`;

describe("Connection", () => {
  it("tells the snapshot, that it is live, and each change", async () => {
    await using scene = new Scene(
      snapshot("e:1"),
      stream(change("e:2", "two") + change("e:3", "three")),
    );
    await scene.open();
    await expectSoon(() => scene.told).toEqual([
      'snapshot {"version":1,"id":"e:1"}',
      "live",
      "change two",
      "change three",
    ]);
    expect(scene.requests).toEqual(["/sup/api/v1/snapshot", "/sup/api/v1/stream?after=e%3A1"]);
  });

  it("goes on after the last change when the stream ends", async () => {
    await using scene = new Scene(
      snapshot("e:1"),
      stream(change("e:2", "two"), true),
      stream(change("e:3", "three")),
    );
    await scene.open();
    await expectSoon(() => scene.told.slice(1)).toEqual([
      "live",
      "change two",
      "reconnecting: the stream ended",
      "live",
      "change three",
    ]);
    expect(scene.requests.at(-1)).toBe("/sup/api/v1/stream?after=e%3A2");
  });

  it("takes another snapshot when its changes are no longer known", async () => {
    await using scene = new Scene(
      snapshot("e:1"),
      stream("event: resync\nid: f:9\ndata: {}\n\n"),
      snapshot("f:9"),
    );
    await scene.open();
    await expectSoon(() => scene.told.at(-1)).toBe('snapshot {"version":1,"id":"f:9"}');
  });

  it("takes a stream that says nothing for too long for dead, but not one that only comments", async () => {
    const comments: Answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(":\n\n"), 20);
      setTimeout(() => clearInterval(timer), 400);
      response.on("close", () => clearInterval(timer));
    };
    await using scene = new Scene(snapshot("e:1"), comments, stream(":\n\n"));
    await scene.open(200);
    const began = performance.now();
    await expectSoon(() => scene.told).toContain("reconnecting: the server is silent");
    expect(performance.now() - began).toBeGreaterThan(400);
    await expectSoon(() => scene.told.at(-1)).toBe("live");
  });

  it.each([
    [401, "it wants to know who you are"],
    [403, "it does not let you in"],
    [429, "it has as many viewers of your address as it takes"],
    [503, "it has as many viewers as it takes"],
    [500, "the server answered 500"],
  ])("says why it is refused with %d, and comes again", async (status, reason) => {
    await using scene = new Scene(refuse(status), snapshot("e:1"), refuse(status), stream(":\n\n"));
    await scene.open();
    await expectSoon(() => scene.told).toEqual([
      `reconnecting: ${reason}`,
      'snapshot {"version":1,"id":"e:1"}',
      `reconnecting: ${reason}`,
      "live",
    ]);
  });

  it("says nothing any more when it was closed, and resumes when it is opened", async () => {
    await using scene = new Scene(
      snapshot("e:1"),
      stream(change("e:2", "two")),
      stream(change("e:3", "three")),
    );
    const connection = await scene.open();
    await expectSoon(() => scene.told.at(-1)).toBe("change two");
    connection.close();
    expect(connection.state.state).toBe("connecting");
    connection.open();
    await expectSoon(() => scene.told.slice(2)).toEqual(["change two", "live", "change three"]);
  });
});
