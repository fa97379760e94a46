import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sealOf } from "../../src/archive/seal.ts";

const readings = [60.1, 58.2, 61.7].map((celsius, at) => ({ celsius, heating: true, at, took: 1 }));

describe("sealOf", () => {
  it("tells how many readings there were, and between which temperatures", async () => {
    expect(await sealOf(readings)).toMatchObject({ count: 3, lowest: 58.2, highest: 61.7 });
  });

  it("is the same for the same readings, and another one when any of them is changed", async () => {
    const { sha256 } = await sealOf(readings);
    expect(sha256).toMatch(/^[\da-f]{64}$/);
    expect(sha256).not.toBe(createHash("sha256").digest("hex"));
    expect((await sealOf([...readings])).sha256).toBe(sha256);
    const changed = readings.map((reading) => ({ ...reading, took: 2 }));
    expect((await sealOf(changed)).sha256).not.toBe(sha256);
  });

  it("compresses", async () => {
    const many = Array.from({ length: 100 }, () => readings[0]!);
    expect((await sealOf(many)).bytes).toBeLessThan(JSON.stringify(many).length / 10);
  });
});
