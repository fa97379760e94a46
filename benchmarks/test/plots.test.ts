import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { figureFiles } from "../lib/figures.ts";
import { readReport, type ReadReport } from "../lib/read-report.ts";
import type { Report } from "../lib/report.ts";
import { adapters } from "../plots/adapters.ts";
import { bus } from "../plots/bus.ts";
import { core } from "../plots/core.ts";
import { peers } from "../plots/peers.ts";
import { scale } from "../plots/scale.ts";

const root = new URL("../../", import.meta.url);

describe("figureFiles", () => {
  const files = figureFiles();
  const images = files.map(({ path }) => path).filter((path) => path.endsWith(".svg"));

  it("are as they stand in the repository", () => {
    const stale = files.filter(
      ({ path, text }) => readFileSync(new URL(path, root), "utf8") !== text,
    );

    expect(stale.map(({ path }) => path)).toEqual([]);
  });

  it("are all plots that there are", () => {
    expect(globSync("docs/images/*.svg", { cwd: root }).toSorted()).toEqual(images.toSorted());
  });
});

describe("the plots", () => {
  it.each([core, scale, peers, bus, adapters])(
    "$name shows every figure that it is made of",
    (plotOf) => {
      const shown = plotOf(readReport).blocks.flatMap(({ rows }) => rows);
      const read: Report[] = [];
      plotOf((group) => {
        const report = readReport(group);
        read.push(report);
        return report;
      });
      const cases = read.flatMap(({ cases }) => cases);
      const expected = plotOf === adapters ? cases.filter(({ baseline }) => baseline) : cases;

      expect(shown).toHaveLength(expected.length);
    },
  );

  it("put the fastest of a block on top, whoever it is", () => {
    const [, requests] = peers(readReport).blocks;
    const medians = requests!.rows.map(({ spread }) => spread.median);

    expect(requests!.rows.map(({ name }) => name).toSorted()).toEqual([
      "@sup/core",
      "by hand",
      "effect",
      "nact",
      "xstate",
    ]);
    expect(medians).toEqual(medians.toSorted((a, b) => a - b));
  });

  it("have the ratio to Go of each figure of core, and of its aim", () => {
    const rows = core(readReport).blocks.flatMap(({ rows }) => rows);
    const shares = readReport("core").cases.map(({ name, figure, go = 0, aim = 0 }) => ({
      name,
      of: "sup",
      spread: { min: figure.min / go, median: figure.median / go, max: figure.max / go },
      limit: aim / go,
    }));

    expect(rows).toEqual(shares);
  });

  it("have the ratio to its baseline, and what is allowed, of each case of an adapter", () => {
    const rows = adapters(readReport).blocks.flatMap(({ rows }) => rows);
    const baselines = ["modbus", "ws", "sse", "exec"]
      .flatMap((group) => readReport(group).cases)
      .flatMap(({ baseline }) => baseline ?? []);

    expect(rows.map(({ spread, limit }) => ({ spread, limit }))).toEqual(
      baselines.map(({ ratio, atMost }) => ({ spread: ratio, limit: atMost })),
    );
  });

  it("say how often all of their figures were measured, and on what", () => {
    const read: ReadReport = (group) => {
      const report = readReport(group);
      const machine = { node: "24.1.0", v8: "", platform: "linux x64", cpu: "A", cores: 2 };
      return group === "ws"
        ? { ...report, rounds: 3, machine }
        : { ...report, rounds: 9, machine: { ...machine, cpu: "B" } };
    };

    expect(adapters(read).origin).toEqual({
      rounds: "3 to 9",
      machine: "Node 24.1.0, linux x64, 2 × B; Node 24.1.0, linux x64, 2 × A",
    });
    expect(peers(read).origin.rounds).toBe("9");
  });

  it("are refused when figures are missing", () => {
    const without =
      (missing: string): ReadReport =>
      (group) => {
        const report = readReport(group);
        return { ...report, cases: report.cases.filter(({ name }) => name !== missing) };
      };

    expect(() => adapters(without("receive, WebSocketActor"))).toThrow(
      'Cannot plot "ws": its rows are',
    );
    expect(() => readReport("nothing")).toThrow(
      'Cannot read the figures of "nothing": measure them with `npm run bench -- nothing --write`',
    );
  });

  it("are refused when a figure has nothing that it could be compared with", () => {
    const bare: ReadReport = (group) => {
      const report = readReport(group);
      const cases = report.cases.map(({ name, operation, unit, figure }) => ({
        name,
        operation,
        unit,
        figure,
      }));
      return { ...report, cases };
    };

    expect(() => core(bare)).toThrow('Cannot plot "core": case "cast" has no figure of Go');
    expect(() => bus(bare)).toThrow("it has no baseline");
  });
});
