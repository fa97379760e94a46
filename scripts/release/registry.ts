import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Manifest } from "../pipeline/workspace.ts";

/** A throwaway npm registry on loopback, of the scope `@sup`: what is published to it can be installed from it. */
export interface Registry extends AsyncDisposable {
  /** The manifests of all versions that it holds. */
  published(): Manifest[];
  /** Sends who installs or publishes in this folder to it for the scope; all else comes from where it always does. */
  serve(folder: string): void;
}

interface Document {
  readonly name: string;
  readonly "dist-tags": Record<string, string>;
  readonly versions: Record<string, Manifest & { dist: { tarball: string } }>;
}

/** What npm and pnpm send to publish. */
interface Publication extends Document {
  readonly _attachments: Record<string, { readonly data: string }>;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer | object;
}

export async function startRegistry(): Promise<Registry> {
  const documents = new Map<string, Document>();
  const tarballs = new Map<string, Buffer>();
  // No client's cache knows this path, even where a registry before it had the same port.
  const base = `/${randomUUID()}/`;

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = request.url ?? "";
    if (!url.startsWith(base)) return nothing;
    const path = decodeURIComponent(url.slice(base.length));
    if (request.method === "PUT") return publish((await json(request)) as Publication);
    const body = tarballs.get(path) ?? described(documents.get(path)) ?? manifestAt(path);
    return body === undefined ? nothing : { status: 200, body };
  };

  /** `@scope/name/tag`, which is how pnpm asks for the latest. */
  const manifestAt = (path: string): object | undefined => {
    const end = path.lastIndexOf("/");
    const document = documents.get(path.slice(0, end));
    const version = document?.["dist-tags"][path.slice(end + 1)];
    return version === undefined ? undefined : document?.versions[version];
  };

  const publish = ({ _attachments, ...document }: Publication): Answer => {
    const { name, versions } = document;
    const known = documents.get(name) ?? { name, "dist-tags": {}, versions: {} };
    for (const [version, manifest] of Object.entries(versions)) {
      if (known.versions[version] !== undefined) return refusal(name, version);
      const file = `${name}/-/${version}.tgz`;
      const [attachment] = Object.values(_attachments);
      tarballs.set(file, Buffer.from(attachment?.data ?? "", "base64"));
      manifest.dist.tarball = `${address}${file}`;
      known.versions[version] = manifest;
    }
    Object.assign(known["dist-tags"], document["dist-tags"]);
    documents.set(name, known);
    return { status: 201, body: { ok: true } };
  };

  const server = createServer((request, response) => {
    void answer(request)
      .catch((error: unknown): Answer => ({ status: 400, body: { error: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status);
        response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
      });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}${base}`;

  return {
    published: () => [...documents.values()].flatMap(({ versions }) => Object.values(versions)),
    serve(folder) {
      const lines = [
        `@sup:registry=${address}`,
        `${address.slice("http:".length)}:_authToken=anyone`,
      ];
      writeFileSync(join(folder, ".npmrc"), lines.join("\n"));
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const nothing: Answer = { status: 404, body: { error: "not found" } };

/** In npm's words, which tell its clients that this is no failure. */
function refusal(name: string, version: string): Answer {
  const error = `cannot publish over the previously published ${name}@${version}`;
  return { status: 403, body: { error } };
}

/** Published long enough ago for pnpm, which lets a version rest for a day. */
function described(document: Document | undefined): object | undefined {
  if (document === undefined) return undefined;
  const then = new Date(Date.now() - 2 * 86_400_000).toISOString();
  const times = Object.keys(document.versions).map((version) => [version, then]);
  return { ...document, time: { created: then, modified: then, ...Object.fromEntries(times) } };
}
