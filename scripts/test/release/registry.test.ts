import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../release/registry.ts";

let registry: Registry;
let address: string;

beforeEach(async () => {
  registry = await startRegistry();
  const folder = mkdtempSync(join(tmpdir(), "sup-registry-"));
  registry.serve(folder);
  const npmrc = readFileSync(join(folder, ".npmrc"), "utf8");
  address = /^@sup:registry=(.+)$/m.exec(npmrc)?.[1] ?? "";
  rmSync(folder, { recursive: true });
});

afterEach(() => registry[Symbol.asyncDispose]());

/** What npm sends, for a tarball of these bytes. */
const publish = (version: string, bytes: string) =>
  fetch(`${address}@sup%2fthing`, {
    method: "PUT",
    body: JSON.stringify({
      name: "@sup/thing",
      "dist-tags": { latest: version },
      versions: { [version]: { name: "@sup/thing", version, dist: { integrity: "sha512-x" } } },
      _attachments: { "thing.tgz": { data: Buffer.from(bytes).toString("base64") } },
    }),
  });

describe("startRegistry", () => {
  it("gives back what was published, its tarball included", async () => {
    expect((await publish("1.0.0", "one")).status).toBe(201);
    expect((await publish("1.1.0", "two")).status).toBe(201);
    expect(registry.published()).toMatchObject([{ version: "1.0.0" }, { version: "1.1.0" }]);

    const document = (await (await fetch(`${address}@sup%2Fthing`)).json()) as {
      "dist-tags": unknown;
      versions: Record<string, { dist: { tarball: string; integrity: string } }>;
    };
    expect(document["dist-tags"]).toEqual({ latest: "1.1.0" });
    const { tarball, integrity } = document.versions["1.0.0"]!.dist;
    expect(integrity).toBe("sha512-x");
    expect(await (await fetch(tarball)).text()).toBe("one");
  });

  it("tells the latest version", async () => {
    await publish("1.0.0", "one");
    const response = await fetch(`${address}@sup%2Fthing/latest`);
    expect(await response.json()).toMatchObject({ version: "1.0.0" });
  });

  it("refuses to publish a version again", async () => {
    await publish("1.0.0", "one");
    const response = await publish("1.0.0", "other");
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("cannot publish over the previously published");
  });

  it("knows nothing else, and nobody who has not its address", async () => {
    expect((await fetch(`${address}@sup%2fother`)).status).toBe(404);
    expect((await fetch(new URL("/@sup%2fthing", address))).status).toBe(404);
  });

  it("survives what is no publication", async () => {
    const response = await fetch(`${address}@sup%2fthing`, { method: "PUT", body: "{" });
    expect(response.status).toBe(400);
    expect((await publish("1.0.0", "one")).status).toBe(201);
  });
});
