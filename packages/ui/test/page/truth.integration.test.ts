import { signal } from "@sup/bus";
import { actor, type Snapshot, Supervisor } from "@sup/core";
import { Puppet } from "@sup/core/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Harbour } from "../rig/harbour.ts";
import { startGateway } from "../rig/gateway.ts";
import { launchBrowser } from "./browser.ts";
import { Strait } from "./strait.ts";
import { Viewer } from "./viewer.ts";
import { expectSoon } from "./expect-soon.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** Those of a tree as its rows are named, from top to bottom. */
function labels({ name, kind, status, children = [] }: Snapshot): string[] {
  const trouble = status === "waiting" ? ", backing off" : "";
  return [`${name}, ${kind}, ${status}${trouble}`, ...children.flatMap(labels)];
}

/** The page shows what is so. */
async function expectTruth(viewer: Viewer, root: Supervisor): Promise<void> {
  await expectSoon(async () => {
    const rows = await viewer.rows();
    const truth = labels(root.snapshot());
    return rows.join("\n") === truth.join("\n") ? "the truth" : { rows, truth };
  }).toBe("the truth");
  await expectSoon(() => viewer.page.locator(".link").textContent()).toContain("live");
}

function puppets(...names: readonly string[]): Puppet[] {
  return names.map((name) => new Puppet(name));
}

const patient = { policy: "permanent", restartDelay: 60_000 } as const;

describe("what the page shows", () => {
  it("follows actors that come, crash, restart and go", async () => {
    const [first, second] = puppets("first", "second");
    const group = new Supervisor("group", {
      actors: [first!, second!],
      policy: "permanent",
      restartDelay: 0,
    });
    await using gateway = await startGateway({ actors: [group] });
    await using viewer = await Viewer.open(browser, gateway.url);
    await expectTruth(viewer, gateway.root);
    second!.life.crash(new Error("the valve is stuck"));
    await expectSoon(() => viewer.row("second").locator(".note").textContent()).toBe(
      "last: the valve is stuck",
    );
    expect(await viewer.row("second").locator(".c-restarts").textContent()).toBe("1");
    const child = gateway.root.spawn(new Puppet("third"));
    await expectSoon(() => viewer.rows()).toContain("third, puppet, running");
    await expectTruth(viewer, gateway.root);
    await child.stop();
    await expectTruth(viewer, gateway.root);
    expect(await viewer.row("third").count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
  });

  it("says what failed, why, what was done about it and how much of that is left", async () => {
    const [pump] = puppets("pump");
    const line = new Supervisor("line", {
      actors: [pump!],
      ...patient,
      restartLimit: { maxRestarts: 3, window: 600_000 },
    });
    await using gateway = await startGateway({ actors: [line] });
    await using viewer = await Viewer.open(browser, gateway.url);
    pump!.life.crash(new Error("the valve is stuck", { cause: new TypeError("no pressure") }));
    const problem = viewer.page.locator(".problems button");
    await expectSoon(() => problem.textContent()).toMatch(
      /pumplinebacking offrestarts in .+ · the valve is stuck/,
    );
    await problem.click();
    const sheet = viewer.page.locator(".sheet");
    await expectSoon(() => sheet.locator(".why").textContent()).toMatch(
      /pump.+the valve is stuck.+permanent/,
    );
    await expectSoon(() => sheet.locator(".errors").textContent()).toMatch(
      /^Last error \d\d:\d\d:\d\d, \d+ s ago.*the valve is stuck.+caused by.*no pressure/s,
    );
    await expectSoon(() => sheet.locator(".budget").textContent()).toMatch(
      /1 of 3 in 10 m, the next frees in/,
    );
    await expectSoon(() => sheet.locator(".options").textContent()).toContain("permanent");
    expect(await sheet.locator(".path").textContent()).toBe("gatewayline");
    expect(viewer.complaints).toEqual([]);
  });

  it("leaves the focus, and what is in view, where they are while rows and problems come and go", async () => {
    const pumps = puppets(...Array.from({ length: 80 }, (_, index) => `pump-${index}`));
    const first = new Supervisor("first", { autoShutdown: "never" });
    const second = new Supervisor("second", { actors: pumps, ...patient });
    await using gateway = await startGateway({ actors: [first, second] });
    await using viewer = await Viewer.open(browser, gateway.url);
    const { page } = viewer;
    await page.clock.install();
    await page.reload();
    await viewer.row("pump-5").focus();
    await page.keyboard.press("End");
    const scrolled = () => page.evaluate<number>(`document.querySelector("#tree").scrollTop`);
    const before = await scrolled();
    expect(before).toBeGreaterThan(500);
    first.spawn(new Puppet("new"));
    await expectSoon(() => page.locator(".card").nth(1).textContent()).toMatch(/^Actors81/);
    const kind = page.locator(".problems .kind");
    pumps[3]!.life.crash(new Error("stuck"));
    await expectSoon(() => kind.textContent()).toBe("backing off");
    await second.children[3]!.restart();
    await expectSoon(() => kind.textContent()).toBe("cleared");
    await page.clock.fastForward(11_000);
    await page.waitForSelector(".problems", { state: "detached" });
    expect(await viewer.focus()).toBe("pump-79, puppet, running");
    expect(await scrolled()).toBeGreaterThanOrEqual(before);
    expect(await viewer.row("pump-79").count()).toBe(1);
  });

  it("follows messages, queues and values", async () => {
    const counter = actor("counter", () => ({ add: (_: number) => {} }));
    const idle = new Puppet("idle");
    let celsius = 20.5;
    const temperature = signal("temperature", () => celsius, { interval: 20 });
    await using gateway = await startGateway(
      { actors: [counter, idle, temperature] },
      { observe: [temperature] },
    );
    await using viewer = await Viewer.open(browser, gateway.url);
    const { page } = viewer;
    await expectSoon(() => page.locator(".observed .value").textContent()).toBe("20.5");
    for (let count = 0; count < 50; count++) await counter.cast("add", count);
    celsius = 21.75;
    await expectSoon(() => page.locator(".observed .value").textContent()).toBe("21.75");
    await viewer.row("counter").click();
    await expectSoon(() => page.locator(".numbers").textContent()).toContain("50 in total");
    expect(viewer.complaints).toEqual([]);
  });

  it("is dimmed and dated while the server is away, and the truth when it is back", async () => {
    const [device, other] = puppets("device", "other");
    await using gateway = await startGateway({ actors: [device!, other!], ...patient });
    await using strait = await Strait.to(gateway.url);
    await using viewer = await Viewer.open(browser, strait.url);
    const { page } = viewer;
    await expectTruth(viewer, gateway.root);
    strait.block();
    strait.cut();
    await expectSoon(() => page.locator(".link").textContent()).toMatch(
      /reconnecting, data \d+ s old/,
    );
    expect(
      await page.evaluate<string>(`getComputedStyle(document.querySelector("main")).filter`),
    ).not.toBe("none");
    const age = () => viewer.row("device").locator(".c-age").textContent();
    const then = await age();
    await expectSoon(() => page.locator(".link").textContent()).toMatch(/data ([3-9]|1\d) s old/);
    expect(await age()).toBe(then);
    device!.life.crash(new Error("away"));
    await expectSoon(() => gateway.root.children[0]?.status).toBe("waiting");
    strait.unblock();
    await expectTruth(viewer, gateway.root);
    expect(await viewer.rows()).toContain("device, puppet, waiting, backing off");
  });

  it("is not called live for longer than 5 s when the process hangs, and its age is told", async () => {
    await using gateway = await startGateway({ actors: puppets("device"), ...patient });
    await using strait = await Strait.to(gateway.url);
    await using viewer = await Viewer.open(browser, strait.url);
    const link = viewer.page.locator(".link");
    await expectTruth(viewer, gateway.root);
    strait.block();
    const began = performance.now();
    await expectSoon(() => link.textContent()).toMatch(
      /^ ?reconnecting, data ([5-9]|1\d) s old: the server is silent/,
    );
    expect(performance.now() - began).toBeGreaterThan(3_000);
    strait.unblock();
    await expectTruth(viewer, gateway.root);
  });

  it("is the truth after the dashboard itself crashed and was restarted", async () => {
    const [device] = puppets("device");
    await using harbour = await Harbour.find();
    const { port } = harbour;
    await using gateway = await startGateway({ actors: [device!], ...patient }, { port });
    await using viewer = await Viewer.open(browser, gateway.url);
    await expectTruth(viewer, gateway.root);
    await gateway.shell.children[0]!.restart();
    device!.life.crash(new Error("meanwhile"));
    await expectSoon(() => gateway.root.children[0]?.status).toBe("waiting");
    await expectTruth(viewer, gateway.root);
    expect(await viewer.page.locator(".link").textContent()).not.toContain("process restarted");
  });

  it("is the truth for a viewer that took nothing for a while, however much happened", async () => {
    const many = puppets(...Array.from({ length: 60 }, (_, index) => `device-${index}`));
    const group = new Supervisor("group", { actors: many, policy: "permanent", restartDelay: 0 });
    await using gateway = await startGateway({ actors: [group] }, { tick: 100 });
    await using strait = await Strait.to(gateway.url);
    await using viewer = await Viewer.open(browser, strait.url);
    const { page } = viewer;
    await page.locator("#search").fill("device-7");
    await expectSoon(() => viewer.row("device-7").locator(".c-restarts").textContent()).toBe("");
    strait.block();
    for (let round = 1; round <= 20; round++) {
      for (const puppet of many) puppet.life.crash(new Error(`round ${round}`));
      await expectSoon(() => many.every(({ lives }) => lives.length === round + 1)).toBe(true);
    }
    strait.unblock();
    await expectSoon(() => viewer.row("device-7").locator(".note").textContent()).toBe(
      "last: round 20",
    );
    expect(await viewer.row("device-7").locator(".c-restarts").textContent()).toBe("20");
  });

  it("is that of the new process after a restart of it, and says so", async () => {
    const [old, fresh] = puppets("old", "fresh");
    const before = await startGateway({ actors: [old!] });
    await using viewer = await Viewer.open(browser, before.url);
    await expectTruth(viewer, before.root);
    await viewer.row("old").click();
    const port = Number(new URL(before.url).port);
    await before[Symbol.asyncDispose]();
    await expectSoon(() => viewer.page.locator(".link").textContent()).toContain("reconnecting");
    await using after = await startGateway({ actors: [fresh!] }, { port });
    await expectTruth(viewer, after.root);
    expect(await viewer.rows()).toEqual(["gateway, supervisor, running", "fresh, puppet, running"]);
    expect(await viewer.page.locator(".link").textContent()).toMatch(/process restarted \d+ s ago/);
    expect(await viewer.page.locator(".detail .empty").textContent()).toContain(
      "may have stopped for good",
    );
  });

  it("is harmless, whatever things are called", async () => {
    const hostile = [
      `<img src=x onerror="globalThis.harm=1">`,
      `"><script>globalThis.harm=1</script>`,
      "admin\u202Egnp.exe",
      "\u001B[31mred\u0000",
      "javascript:globalThis.harm=1",
      "a/b#c?d&e=f%20~1",
      "x".repeat(10_000),
      "__proto__",
      "   ",
      "pump",
      "pump\u200B",
      "pump ",
      "\u200Fpump",
      String.raw`pump\u200B`,
    ];
    await using gateway = await startGateway({ actors: hostile.map((name) => new Puppet(name)) });
    await using viewer = await Viewer.open(browser, gateway.url);
    const { page } = viewer;
    const names = await page.locator("#tree .actor:not([hidden]) .name").allTextContents();
    expect(names.slice(1)).toEqual([
      hostile[0],
      hostile[1],
      "admin\\u202Egnp.exe",
      "\\u001B[31mred\\u0000",
      hostile[4],
      hostile[5],
      expect.stringMatching(/^x{40,50}…x+…?$/),
      "__proto__",
      String.raw`\u0020\u0020\u0020`,
      "pump",
      String.raw`pump\u200B`,
      String.raw`pump\u0020`,
      String.raw`\u200Fpump`,
      String.raw`pump\\u200B`,
    ]);
    for (const row of await page.locator("#tree .actor:not([hidden])").all()) {
      await row.click();
      await page.waitForSelector(".sheet .options");
      expect(await page.locator(".sheet h2 bdi").count()).toBe(1);
    }
    await page.reload();
    await expectSoon(() => page.locator(".sheet h2").textContent()).toBe(String.raw`pump\\u200B`);
    expect(await page.evaluate("globalThis.harm")).toBeUndefined();
    expect(viewer.complaints).toEqual([]);
  });

  it("is harmless, whatever values are", async () => {
    const cycle: Record<string, unknown> = { name: "cycle" };
    cycle["self"] = cycle;
    const values: readonly (readonly [name: string, value: unknown])[] = [
      ["markup", "<b onclick=alert(1)>bold</b>"],
      ["cycle", cycle],
      [
        "getter",
        Object.defineProperty({}, "boom", {
          enumerable: true,
          get: () => {
            throw new Error("touched");
          },
        }),
      ],
      ["bigint", 10n ** 30n],
      ["long", "y".repeat(100_000)],
      ["map", new Map([["a", 1]])],
      ["nan", Number.NaN],
      ["rtl", "abc\u202Ecba"],
      ["secret", { password: "hunter2" }],
    ];
    const observe = values.map(([name, value]) => signal(name, () => value));
    await using gateway = await startGateway({ actors: observe }, { observe });
    await using viewer = await Viewer.open(browser, gateway.url);
    const { page } = viewer;
    await expectSoon(() => page.locator("#values .row:not([hidden])").count()).toBe(values.length);
    for (const row of await page.locator("#values .row").all()) {
      await row.click();
      await page.waitForSelector(".sheet .fact");
      await page.keyboard.press("Escape");
      await page.waitForSelector("#values .row");
    }
    const text = await page.locator("#values").textContent();
    expect(text).toContain("<b onclick=alert(1)>bold</b>");
    expect(text).toContain("\\u202E");
    expect(text).not.toContain("hunter2");
    expect(viewer.complaints).toEqual([]);
  });
});
