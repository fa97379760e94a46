import { describe, expect, it } from "vitest";
import { groupNames, loadGroup } from "../lib/groups.ts";
import { buildReport } from "../lib/report.ts";
import { runGroup } from "../lib/run-group.ts";
import { renderReport } from "../lib/table.ts";

const names = await groupNames();

describe("benchmarks", { timeout: 120_000 }, () => {
  it.each(names)("all cases of %s do their work", async (name) => {
    const definition = await loadGroup(name);
    const options = { rounds: 1, together: true, quick: true, onProgress() {} };
    const rounds = await runGroup(name, definition, options);
    const report = buildReport({ group: name, definition, together: true, rounds });

    expect(report.cases.map((row) => row.name)).toEqual(
      definition.cases.map((benchCase) => benchCase.name),
    );
    expect(report.cases.filter(({ figure }) => !Number.isFinite(figure.median))).toEqual([]);
    expect(renderReport(report).split("\n")).toHaveLength(definition.cases.length + 6);
  });

  it("are refused by name when there is no such group", async () => {
    await expect(loadGroup("nothing")).rejects.toThrow(
      'Cannot load benchmark group "nothing": there are',
    );
  });
});
