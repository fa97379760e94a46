import { describe, expect, it } from "vitest";
import { canAttest } from "../../release/permission.ts";

describe("canAttest", () => {
  it.each([
    [true, "GitHub gives the job an identity", { ACTIONS_ID_TOKEN_REQUEST_URL: "https://x" }],
    [true, "GitLab gives the job an identity", { SIGSTORE_ID_TOKEN: "x" }],
    [false, "it is empty", { ACTIONS_ID_TOKEN_REQUEST_URL: "" }],
    [false, "GitHub gives none", { GITHUB_ACTIONS: "true" }],
    [false, "it is no CI", {}],
  ])("is %s when %s", (expected, _, env) => {
    expect(canAttest(env)).toBe(expected);
  });
});
