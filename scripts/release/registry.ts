import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Manifest } from "../pipeline/workspace.ts";
import { type Publication, Shelf } from "./shelf.ts";

/** A throwaway npm registry on loopback, of the scope `@sup`: what is published to it can be installed from it. */
export interface Registry extends AsyncDisposable {
  /** The manifests of all versions that it holds. */
  published(): Manifest[];
  /** Sends who installs or publishes in this folder to it for the scope; all else comes from where it always does. */
  serve(folder: string): void;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer | object;
}

export async function startRegistry(): Promise<Registry> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  // No client's cache knows this path, even where a registry before it had the same port.
  const base = `/${randomUUID()}/`;
  const address = `http://127.0.0.1:${port}${base}`;
  const shelf = new Shelf(address);

  server.on("request", (request, response) => {
    void answer(request, base, shelf)
      .catch((error: unknown): Answer => ({ status: 400, body: { error: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status);
        response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
      });
  });

  return {
    published: () => shelf.manifests,
    serve: (folder) => writeFileSync(join(folder, ".npmrc"), settings(address)),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(request: IncomingMessage, base: string, shelf: Shelf): Promise<Answer> {
  const url = request.url ?? "";
  if (!url.startsWith(base)) return nothing;
  if (request.method === "PUT") return publish((await json(request)) as Publication, shelf);
  const body = shelf.read(decodeURIComponent(url.slice(base.length)));
  return body === undefined ? nothing : { status: 200, body };
}

const nothing: Answer = { status: 404, body: { error: "not found" } };

function publish(publication: Publication, shelf: Shelf): Answer {
  const there = shelf.add(publication);
  if (there === undefined) return { status: 201, body: { ok: true } };
  // In npm's words, which tell its clients that this is no failure.
  return { status: 403, body: { error: `cannot publish over the previously published ${there}` } };
}

function settings(address: string): string {
  const token = `${address.slice("http:".length)}:_authToken=anyone`;
  return [`@sup:registry=${address}`, token].join("\n");
}
