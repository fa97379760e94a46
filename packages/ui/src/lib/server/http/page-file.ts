import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** One file of the page, as it is sent. */
export interface PageFile {
  readonly name: string;
  readonly type: string;
  readonly plain: Representation;
  readonly zipped: Representation;
}

/** The bytes of one encoding, which is what a strong ETag stands for. */
export interface Representation {
  readonly body: Buffer;
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

export function toPageFile(name: string, contents: Uint8Array): PageFile {
  const body = Buffer.from(contents);
  return {
    name,
    type: types[name.split(".").at(-1)!] ?? "application/octet-stream",
    plain: representation(body),
    zipped: representation(gzipSync(body, { level: 9 })),
  };
}

/** Whether `if-none-match` names what would be sent. */
export function isKnown(header: string | undefined, { etag }: Representation): boolean {
  if (header === undefined) return false;
  return header.split(",").some((one) => [etag, `W/${etag}`, "*"].includes(one.trim()));
}

/** Whether a client takes gzip. */
export function takesGzip(header: string | undefined): boolean {
  return (header ?? "")
    .split(",")
    .some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(one));
}

function representation(body: Buffer): Representation {
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"` };
}
