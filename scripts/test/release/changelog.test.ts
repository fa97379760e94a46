import { describe, expect, it } from "vitest";
import { getDependencyReleaseLine, getReleaseLine } from "../../../.changeset/changelog.mjs";

describe("getReleaseLine", () => {
  it("is what the changeset says", async () => {
    expect(await getReleaseLine({ summary: "New: a thing.\n" })).toBe("- New: a thing.");
  });

  it("keeps what follows the first line below it", async () => {
    const line = await getReleaseLine({ summary: "New.\n\nAs in:\n```ts\n  a();\n```" });
    expect(line).toBe("- New.\n\n  As in:\n  ```ts\n    a();\n  ```");
  });
});

describe("getDependencyReleaseLine", () => {
  it("names the versions that it goes with", async () => {
    const dependencies = [
      { name: "@sup/core", newVersion: "2.0.0" },
      { name: "@sup/bus", newVersion: "3.0.0" },
    ];
    const line = await getDependencyReleaseLine([], dependencies);
    expect(line).toBe("- Goes with `@sup/core` 2.0.0, `@sup/bus` 3.0.0");
  });

  it("is nothing when there are none", async () => {
    expect(await getDependencyReleaseLine([], [])).toBe("");
  });
});
