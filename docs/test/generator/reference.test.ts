import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { anchorsOf, pageOf } from "../../generator/page.ts";
import { problemsOf } from "../../generator/problems.ts";
import { type Documented, readEntries } from "../../generator/project.ts";

const source = { name: "sensor", file: "docs/test/generator/fixtures/sensor.ts" };
const config = join(import.meta.dirname, "fixtures/sources.json");

let sensor: Documented;

beforeAll(async () => {
  sensor = { name: "sensor", folder: "sensor", entries: await readEntries([source], config) };
}, 240_000);

const linksTo = (name: string): string | undefined => {
  const anchor = anchorsOf(sensor).get(name);
  return anchor === undefined ? undefined : `#${anchor}`;
};

describe("problemsOf", () => {
  it("names each export, member, default, unit and error that is not told of", () => {
    expect(problemsOf(sensor, linksTo)).toEqual([
      "sensor: `OpenOptions.interval` is optional and has no @defaultValue",
      "sensor: `OpenOptions.interval` does not say that it is in milliseconds",
      "sensor: `OpenOptions.retries` is not described",
      "sensor: `Sensor.state` is not described",
      "sensor: `Sensor.shut` is not described",
      "sensor: `open` does not say what it throws",
      "sensor: `Unit` is not described",
      "sensor: `SensorError.volts` is not described",
    ]);
  });
});

describe("pageOf", () => {
  it("tells of exports by their kinds, with links", () => {
    const page = pageOf(sensor, linksTo);
    expect(page.match(/^#+ .*$/gm)).toEqual([
      "# Reference of `sensor`",
      "## Exports of `sensor`",
      "### `open`",
      "### `Sensor`",
      "#### `Sensor.measure(times, ...names)`",
      "#### `Sensor.shut()`",
      "### `SensorError`",
      "### `OpenOptions`",
      "### `Unit`",
    ]);
    expect(page).toContain(
      "| [`Sensor`](#sensor) | A sensor; one that is shut measures nothing. |",
    );
    expect(page).toContain("see [`SensorError`](#sensorerror), may");
  });

  it("shows declarations, members, defaults, results and errors, and nothing internal", () => {
    const page = pageOf(sensor, linksTo);
    expect(page).toContain("new Sensor(name: string, options?: OpenOptions)\n");
    expect(page).toContain("**Throws** `TypeError | RangeError` when an option makes no sense");
    expect(page).toContain("measure(times: number, ...names: string[]): Promise<number>\n");
    expect(page).toContain("**Returns** the value, in volts");
    expect(page).toContain(
      "| `timeout?` | `number` | 1,000 | Milliseconds that opening may take. |",
    );
    expect(page).toContain(
      "| `last` | `number \\| undefined` | What it measured last, or<br>• nothing. |",
    );
    expect(page).toContain('type Unit = "volt" | "ampere"');
    expect(page).not.toMatch(/hidden|secret|Error.name/);
  });
});
