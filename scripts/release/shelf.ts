import type { Manifest } from "../pipeline/workspace.ts";

type Version = Manifest & { readonly dist: { tarball: string } };

/** What a registry says of a package. */
interface Document {
  readonly name: string;
  readonly "dist-tags": Record<string, string>;
  readonly versions: Record<string, Version>;
}

/** What npm and pnpm send to publish a version. */
export interface Publication extends Document {
  readonly _attachments: Record<string, { readonly data: string }>;
}

/** The packages of a registry. */
export class Shelf {
  readonly #address: string;
  readonly #documents = new Map<string, Document>();
  readonly #tarballs = new Map<string, Buffer>();

  /** @param address Where the registry is, from outside. */
  constructor(address: string) {
    this.#address = address;
  }

  /** All versions that it has. */
  get manifests(): Manifest[] {
    return [...this.#documents.values()].flatMap(({ versions }) => Object.values(versions));
  }

  /** What the path leads to: a tarball, a package, or the manifest that a tag names, which is how pnpm asks for the latest. */
  read(path: string): Buffer | object | undefined {
    const tarball = this.#tarballs.get(path);
    if (tarball !== undefined) return tarball;
    const document = this.#documents.get(path);
    if (document !== undefined) return { ...document, time: longAgo(document) };

    const end = path.lastIndexOf("/");
    const tagged = this.#documents.get(path.slice(0, end));
    const version = tagged?.["dist-tags"][path.slice(end + 1)];
    return version === undefined ? undefined : tagged?.versions[version];
  }

  /** @returns The version that was there before, and stays. */
  add({ name, versions, "dist-tags": tags, _attachments }: Publication): string | undefined {
    const known = this.#documents.get(name) ?? { name, "dist-tags": {}, versions: {} };
    for (const [version, manifest] of Object.entries(versions)) {
      if (known.versions[version] !== undefined) return `${name}@${version}`;
      const file = `${name}/-/${version}.tgz`;
      const [attachment] = Object.values(_attachments);
      this.#tarballs.set(file, Buffer.from(attachment?.data ?? "", "base64"));
      manifest.dist.tarball = `${this.#address}${file}`;
      known.versions[version] = manifest;
    }
    Object.assign(known["dist-tags"], tags);
    this.#documents.set(name, known);
    return undefined;
  }
}

/** pnpm lets a version rest for a day before it installs it. */
function longAgo({ versions }: Document): Record<string, string> {
  const then = new Date(Date.now() - 2 * 86_400_000).toISOString();
  const times = Object.keys(versions).map((version) => [version, then]);
  return { created: then, modified: then, ...Object.fromEntries(times) };
}
