import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import type { ActorState } from "../../src/lib/model/wire.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPage } from "../../build-page.ts";
import { pageNames } from "../../page-names.ts";
import { launchBrowser } from "./browser.ts";
import { FixtureServer } from "./fixture/fixture-server.ts";
import { Viewer } from "./viewer.ts";
import { expectSoon } from "./expect-soon.ts";

let browser: Browser;
let calm: FixtureServer;
let wild: FixtureServer;

beforeAll(async () => {
  browser = await launchBrowser();
  calm = await FixtureServer.start();
  wild = await FixtureServer.start({ chaos: true });
});

afterAll(async () => {
  await browser?.close();
  await calm?.stop();
  await wild?.stop();
});

describe("the page", () => {
  it("is 25 kB at most, in four files", async () => {
    const sizes = [...(await buildPage())].map(
      ([name, bytes]) => [name, gzipSync(bytes, { level: 9 }).length] as const,
    );
    expect(sizes.map(([name]) => name).sort()).toEqual([
      "app.css",
      "app.js",
      "index.html",
      "worker.js",
    ]);
    expect(sizes.reduce((sum, [, size]) => sum + size, 0)).toBeLessThanOrEqual(25_000);
  });

  it("shortens no name that the platform, the server or the worker knows", async () => {
    await using viewer = await Viewer.open(browser, calm.url);
    const known = await viewer.page.evaluate<string[]>(`
      ["button", "input", "dialog", "a", "details"].map((tag) => document.createElement(tag))
        .concat(document.createElementNS("http://www.w3.org/2000/svg", "svg"), document, history, location, localStorage)
        .concat(["Keyboard", "Mouse", "Pointer", "Input", "Message", "PageTransition"].map((type) => globalThis[type + "Event"].prototype))
        .concat([Array, Map, Set, String, Number, Promise, Object, Response, URLSearchParams, MessagePort].map((type) => type.prototype))
        .concat(Math, JSON, Object, globalThis, new Date(), new Intl.Collator(), ResizeObserver.prototype)
        .flatMap((one) => { const names = []; for (let at = one; at; at = Object.getPrototypeOf(at)) names.push(...Object.getOwnPropertyNames(at)); return names; })`);
    const ours = ["lib/model/wire.ts", "page/link/messages.ts"].flatMap((name) => {
      const text = readFileSync(new URL(`../../src/${name}`, import.meta.url), "utf8");
      return [...text.matchAll(/(\w+)\??:/g)].map(([, field]) => field!);
    });
    expect(known).toContain("querySelector");
    expect(ours).toContain("staleFrom");
    expect(pageNames.filter((name) => [...known, ...ours].includes(name))).toEqual([]);
  });

  it("gets a worker of its own version, also while pages of another one are open", async () => {
    const files = await buildPage();
    const text = Buffer.from(files.get("app.js")!).toString();
    const hash = createHash("sha256").update(files.get("worker.js")!).digest("base64url");
    const name = `sup ${hash.slice(0, 8)}`;
    expect(text).toContain(name);
    const server = await FixtureServer.start({ tick: 0 });
    await using viewer = await Viewer.open(browser, server.url);
    await expectSoon(() => server.streams).toBe(1);
    const open = async () => {
      const tab = await viewer.page.context().newPage();
      await tab.goto(server.url);
      await tab.waitForSelector("#tree .actor");
    };
    await open();
    expect(server.streams).toBe(1);
    server.files = new Map([...files, ["app.js", Buffer.from(text.replace(name, "sup other"))]]);
    await open();
    await expectSoon(() => server.streams).toBe(2);
    await server.stop();
  });

  it("asks for its four files, a snapshot and a stream, and for nothing else", async () => {
    const server = await FixtureServer.start({ tick: 0 });
    await using viewer = await Viewer.open(browser, server.url);
    await expectSoon(() => server.streams).toBe(1);
    expect(viewer.complaints).toEqual([]);
    expect(server.requests.toSorted()).toEqual([
      "/",
      "/api/v1/snapshot",
      "/api/v1/stream",
      "/app.css",
      "/app.js",
      "/worker.js",
    ]);
    await server.stop();
  });

  it("draws ten thousand actors with few nodes, and none of them costs one until it is in view", async () => {
    const server = await FixtureServer.start({ actors: 10_000 });
    await using viewer = await Viewer.open(browser, server.url);
    const { page } = viewer;
    await page.locator("#tree .actor").first().press("*");
    await page.keyboard.press("End");
    expect(await page.evaluate<number>(`document.querySelectorAll("*").length`)).toBeLessThan(
      2_500,
    );
    await page.locator("#search").fill("meter");
    await expectSoon(() => page.locator(".found").textContent()).toMatch(/^9,9\d\d rows/);
    expect(await page.evaluate<number>(`document.querySelectorAll("*").length`)).toBeLessThan(
      2_500,
    );
    expect(viewer.complaints).toEqual([]);
    await server.stop();
  });

  it("holds its policy: nothing inline, and no string becomes markup", async () => {
    await using viewer = await Viewer.open(browser, wild.url);
    const { page } = viewer;
    await page.locator(".problems button").first().click();
    await page.waitForSelector(".sheet .body");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    expect(viewer.complaints).toEqual([]);
    const assigned = page.evaluate(`document.body.innerHTML = "<b>x</b>"`);
    await expect(assigned).rejects.toThrow("TrustedHTML");
  });

  it("tells what is wrong, causes before symptoms, with a count, and leads to it", async () => {
    const server = await FixtureServer.start({ chaos: true, tick: 0 });
    const { world } = server;
    const boiler = [...world.actors.values()].find(({ name }) => name === "boiler")!;
    world.crash(boiler.id, "Error: the valve is stuck");
    await using viewer = await Viewer.open(browser, server.url);
    const { page } = viewer;
    const problems = page.locator(".problems button");
    expect(await problems.locator(".who > bdi").allTextContents()).toEqual([
      "boiler",
      "setpoint",
      "tariff",
    ]);
    expect(await problems.locator(".kind").allTextContents()).toEqual([
      "backing off",
      "failed",
      "stale",
    ]);
    expect(await page.locator(".card").nth(2).textContent()).toMatch(/^Problems 3/);
    await problems.first().click();
    expect(await page.locator(".sheet h2").textContent()).toBe("boiler");
    expect(await page.locator(".sheet .why").textContent()).toContain("the valve is stuck");
    await expectSoon(() => page.title()).toBe("▲ 3 · plant-gateway · sup");
    await server.stop();
  });

  it("keeps the place of what is well again for a while, so that nothing moves below it", async () => {
    const server = await FixtureServer.start({ tick: 0 });
    const { world } = server;
    await using viewer = await Viewer.open(browser, server.url, { colorScheme: "light" });
    const { page } = viewer;
    await page.clock.install();
    await page.reload();
    await page.waitForSelector("#tree .actor");
    const boiler = [...world.actors.values()].find(({ name }) => name === "boiler")!;
    const kind = page.locator(".problems .kind");
    const top = async (): Promise<number> => (await page.locator("#tree").boundingBox())!.y;
    const calmTop = await top();
    world.crash(boiler.id);
    server.tick();
    await expectSoon(() => kind.allTextContents()).toEqual(["backing off"]);
    const troubledTop = await top();
    expect(troubledTop).toBeGreaterThan(calmTop);
    world.set(boiler.id, { status: "ready", restartsAt: null });
    world.set(boiler.parent!, { budget: null });
    server.tick();
    await expectSoon(() => kind.allTextContents()).toEqual(["cleared"]);
    expect(await page.locator(".problems .words").textContent()).toMatch(/^backing off, for \d/);
    expect(await page.locator(".card").nth(2).textContent()).toMatch(/^Problems 0/);
    expect(await top()).toBe(troubledTop);
    expect(await page.evaluate<string[]>(faintTexts)).toEqual([]);
    await page.clock.fastForward(11_000);
    await expectSoon(top).toBe(calmTop);
    await server.stop();
  });

  it("moves nothing under the pointer of who is about to click, and shows all once that rests", async () => {
    const server = await FixtureServer.start({ tick: 0 });
    const { world } = server;
    await using viewer = await Viewer.open(browser, `${server.url}#q=kind:modbus&sort=-mailbox`);
    const { page } = viewer;
    await page.clock.install();
    await page.reload();
    await page.waitForSelector("#tree .actor");
    // From now on the page's time goes on by what is waited for alone.
    await page.clock.pauseAt(await page.evaluate<number>("Date.now() + 100"));
    const drawn = <Seen>(get: () => Promise<Seen>) =>
      expectSoon(async () => {
        await page.clock.runFor(4);
        return get();
      });
    const [boiler, pump] = ["boiler", "pump-1"].map((name) =>
      [...world.actors.values()].find((actor) => actor.name === name)!,
    ) as [ActorState, ActorState];
    const problems = page.locator(".problems li");
    const newest = page.locator("#events .event:not([hidden])[aria-posinset='1'] .name");
    const places = () =>
      page.evaluate<string[]>(`[...document.querySelectorAll("#tree .actor:not([hidden])")]
        .map((row) => row.querySelector(".name").textContent + row.getBoundingClientRect().y).sort()`);
    const aim = async (selector: string) => {
      const box = (await page.locator(selector).first().boundingBox())!;
      await page.mouse.move(box.x + 20, box.y + 20);
    };
    await aim("#tree .actor");
    const before = await places();
    world.set(pump.id, { queued: 90, oldestAt: Date.now() });
    world.crash(boiler.id);
    server.tick();
    await drawn(() => page.locator(".card").nth(2).textContent()).toMatch(/^Problems [12]/);
    // The list would be sorted anew.
    await page.clock.runFor(1_100);
    expect(await places()).toEqual(before);
    expect(await problems.count()).toBe(0);
    await page.clock.runFor(3_000);
    await drawn(() => problems.count()).toBeGreaterThan(0);
    await drawn(async () => (await viewer.rows())[0]).toMatch(/^pump-1,/);
    await aim("#events .event");
    const first = await newest.textContent();
    world.crash(pump.id, "Error: stuck");
    server.tick();
    await drawn(() => viewer.row("pump-1").textContent()).toContain("backing off");
    expect(await newest.textContent()).toBe(first);
    await page.clock.runFor(4_100);
    await drawn(() => newest.textContent()).toBe("pump-1");
    await server.stop();
  });

  it("opens its help at the top, with the focus in it, on a page of any size", async () => {
    await using viewer = await Viewer.open(browser, calm.url, {
      viewport: { width: 360, height: 400 },
    });
    const { page } = viewer;
    await page.locator("button[aria-label=Help]").click();
    await page.waitForSelector("dialog[open]");
    expect(
      await page.evaluate<unknown[]>(`(() => {
        const dialog = document.querySelector("dialog");
        return [dialog.scrollTop, dialog.scrollHeight > dialog.clientHeight, dialog.contains(document.activeElement)];
      })()`),
    ).toEqual([0, true, true]);
    await page.keyboard.press("Tab");
    expect(await viewer.focus()).toBe("BUTTON");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog", { state: "detached" });
  });

  it("tells those who listen of problems, politely, and of nothing that ticks", async () => {
    await using viewer = await Viewer.open(browser, wild.url);
    const { page } = viewer;
    await expectSoon(() => page.locator("[role=status]").textContent()).toMatch(
      /^\d+ problems?, .+: .+$/,
    );
    expect(await page.locator("[role=status], [role=alert], [aria-live]").count()).toBe(1);
  });

  it("is a tree to a screen reader, with levels, places and what is open", async () => {
    await using viewer = await Viewer.open(browser, calm.url);
    const tree = viewer.page.locator("#tree");
    const text = await tree.ariaSnapshot();
    expect(text).toContain('- tree "Supervision tree"');
    expect(text).toMatch(/- treeitem "plant-gateway, supervisor, ready" \[expanded\] \[level=1\]/);
    expect(text).toMatch(/- treeitem "boiler, modbus, ready" \[level=4\]/);
    const boiler = tree.locator("[aria-label^=boiler]");
    expect(await boiler.getAttribute("aria-posinset")).toBe("1");
    expect(await boiler.getAttribute("aria-setsize")).toBe("5");
    expect(await boiler.getAttribute("aria-expanded")).toBeNull();
  });

  it("can be walked with the keyboard alone", async () => {
    await using viewer = await Viewer.open(browser, calm.url);
    const { page } = viewer;
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
      return viewer.focus();
    };
    await press("j");
    await expectSoon(() => viewer.focus()).toBe("plant-gateway, supervisor, ready");
    expect(await press("j", "ArrowDown")).toBe("modbus-line-1, supervisor, ready");
    expect(await press("k")).toBe("field, supervisor, ready");
    await press("ArrowLeft");
    await expectSoon(() => viewer.rows()).not.toContain("boiler, modbus, ready");
    expect(await press("ArrowLeft")).toBe("plant-gateway, supervisor, ready");
    await press("j", "*");
    await expectSoon(() => viewer.rows()).toContain("boiler, modbus, ready");
    expect(await press("ArrowRight")).toBe("modbus-line-1, supervisor, ready");
    expect(await press("End")).toMatch(/^meter-1-\d\d, modbus, ready$/);
    expect(await press("Home")).toBe("plant-gateway, supervisor, ready");
    expect(await press("PageDown")).not.toBe("plant-gateway, supervisor, ready");
    await press("Enter");
    await page.waitForSelector(".sheet");
    await press("Escape");
    await page.waitForSelector(".values");
    expect(await press("/")).toBe("Search the tree");
    await page.keyboard.type("heater");
    await expectSoon(() => viewer.rows()).toEqual([
      "heater, modbus, ready",
      "heater-link, link, ready",
    ]);
    await press("Enter");
    await expectSoon(() => viewer.focus()).toBe("heater, modbus, ready");
    await press("Escape");
    await expectSoon(() => viewer.rows()).toContain("boiler, modbus, ready");
    await press("p");
    await page.waitForSelector(".events [aria-pressed=true]");
    await press("2");
    await expectSoon(() => viewer.focus()).toBe("temperature, number");
    await press("3");
    await expectSoon(() => viewer.focus()).toMatch(/^\d\d:\d\d:\d\d, .+ started/);
    await press("?");
    await page.waitForSelector("dialog[open]");
    await press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    expect(viewer.complaints).toEqual([]);
  });

  it("keeps the focus on a row that is scrolled out of view", async () => {
    const server = await FixtureServer.start({ actors: 10_000 });
    await using viewer = await Viewer.open(browser, server.url);
    const { page } = viewer;
    await page.locator("#tree .actor").first().press("*");
    await page.keyboard.press("ArrowDown");
    const focused = await viewer.focus();
    await page.evaluate(`document.querySelector("#tree").scrollTop = 1e6`);
    await expectSoon(async () => (await viewer.rows()).length).toBeGreaterThan(10);
    expect(await viewer.focus()).toBe(focused);
    await page.keyboard.press("ArrowDown");
    expect(await viewer.focus()).not.toBe(focused);
    await server.stop();
  });

  it("has all that was asked for in its address, which shows the same to somebody else", async () => {
    await using viewer = await Viewer.open(browser, calm.url);
    const { page } = viewer;
    await page.locator("#search").fill("kind:modbus");
    await page.locator(".columns button", { hasText: "Name" }).click();
    await page.locator(".columns button", { hasText: "Name" }).click();
    await viewer.row("pump-2").click();
    await expectSoon(() => page.url()).toContain(
      "#q=kind:modbus&sort=-name&actor=plant-gateway/field/",
    );
    await using other = await Viewer.open(browser, page.url());
    expect(await other.page.locator(".sheet h2").textContent()).toBe("pump-2");
    expect(await other.rows()).toEqual(await viewer.rows());
    await page.goBack();
    await page.waitForSelector(".values");
  });

  it("leads from what was found to its place in the tree, opening what is closed above it", async () => {
    await using viewer = await Viewer.open(browser, calm.url);
    const { page } = viewer;
    await viewer.row("field").press("ArrowLeft");
    await page.locator("#search").fill("pump-2");
    await viewer.row("pump-2").click();
    await page.locator(".sheet .quiet").click();
    await expectSoon(() => viewer.row("pump-2").getAttribute("aria-level")).toBe("4");
    expect(await viewer.row("pump-2").getAttribute("aria-selected")).toBe("true");
    expect(await page.locator("#search").inputValue()).toBe("");
    await viewer.row("field").locator(".twist").click();
    await expectSoon(() => viewer.row("pump-2").count()).toBe(0);
    await page.locator(".sheet .quiet").click();
    await expectSoon(() => viewer.row("pump-2").count()).toBe(1);
  });

  it("says what it does not understand of a search", async () => {
    await using viewer = await Viewer.open(browser, calm.url);
    const search = viewer.page.locator("#search");
    await search.fill("mailbox>much");
    await expectSoon(() => viewer.page.locator("#complaint").textContent()).toContain(
      "takes a number",
    );
    expect(await search.getAttribute("aria-invalid")).toBe("true");
    expect(await viewer.page.locator(".empty").first().textContent()).toBe(
      "Nothing in the tree is like that.",
    );
  });

  it.each(["dark", "light"] as const)(
    "follows a system that is %s, and what was chosen instead, across visits",
    async (scheme) => {
      await using viewer = await Viewer.open(browser, calm.url, { colorScheme: scheme });
      const { page } = viewer;
      const ground = () =>
        page.evaluate<string>(`getComputedStyle(document.documentElement).backgroundColor`);
      const grounds = { dark: "rgb(12, 15, 19)", light: "rgb(244, 245, 247)" };
      expect(await ground()).toBe(grounds[scheme]);
      await page.keyboard.press("t");
      await expectSoon(ground).toBe(grounds.dark);
      await page.keyboard.press("t");
      await expectSoon(ground).toBe(grounds.light);
      await page.reload();
      await page.waitForSelector("#tree .actor");
      expect(await ground()).toBe(grounds.light);
      await page.keyboard.press("t");
      await expectSoon(ground).toBe(grounds[scheme]);
    },
  );

  it.each(["dark", "light"] as const)(
    "has text that stands out from its ground in the %s theme",
    async (colorScheme) => {
      await using viewer = await Viewer.open(browser, wild.url, { colorScheme });
      await viewer.page.waitForSelector(".problems");
      expect(await viewer.page.evaluate<string[]>(faintTexts)).toEqual([]);
    },
  );

  it("needs no scrolling sideways at 360 pixels, whatever it shows", async () => {
    await using viewer = await Viewer.open(browser, wild.url, {
      viewport: { width: 360, height: 640 },
    });
    const { page } = viewer;
    const isWider = () =>
      page.evaluate<string[]>(`
        [...document.querySelectorAll("body *")]
          .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > 361 && !element.closest("svg, .spoken"))
          .map((element) => element.className || element.tagName)`);
    await page.waitForSelector(".problems");
    expect(await isWider()).toEqual([]);
    for (const tab of ["values", "events", "tree"]) {
      await page.locator(".tabs button", { hasText: tab }).click();
      await page.waitForSelector(`#${tab} .row`);
      expect(await isWider()).toEqual([]);
    }
    await page.locator("#tree .actor").nth(3).click();
    await page.waitForSelector(".sheet .options");
    expect(await isWider()).toEqual([]);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
      360,
    );
  });

  it("moves nothing for those who want it still, and keeps its shapes in forced colours", async () => {
    const server = await FixtureServer.start({ tick: 0 });
    await using viewer = await Viewer.open(browser, server.url, {
      reducedMotion: "reduce",
      forcedColors: "active",
    });
    const { page } = viewer;
    await server.stop();
    await page.waitForSelector(".link[data-state=reconnecting]");
    expect(await page.evaluate<number>("document.getAnimations().length")).toBe(0);
    expect(await page.locator("#tree .glyph:visible").count()).toBeGreaterThan(10);
  });

  it("serves twelve tabs of a browser with one stream", async () => {
    const server = await FixtureServer.start();
    const context = await browser.newContext();
    const open = async () => {
      const tab = await context.newPage();
      await tab.goto(server.url);
      await tab.waitForSelector("#tree .actor");
      return tab;
    };
    const tabs = await Promise.all(Array.from({ length: 12 }, open));
    expect(server.streams).toBe(1);
    server.world.set(0, { status: "failed" });
    for (const tab of tabs) {
      await expectSoon(() => tab.locator(".card").first().textContent()).toContain("failed");
    }
    await context.close();
    await expectSoon(() => server.streams).toBe(0);
    await server.stop();
  });

  it("leaves nothing lying for a tab that its browser froze, which shows the truth when it thaws", async () => {
    const server = await FixtureServer.start({ tick: 0 });
    await using viewer = await Viewer.open(browser, server.url);
    const { page } = viewer;
    await expectSoon(() => server.streams).toBe(1);
    const devtools = await page.context().newCDPSession(page);
    const paused = new Promise((resolve) => devtools.once("Debugger.paused", resolve));
    await devtools.send("Debugger.enable");
    await devtools.send("Debugger.pause");
    await paused;
    for (let tick = 0; tick < 150; tick++) server.tick();
    await expectSoon(() => server.streams).toBe(0);
    server.world.set(0, { status: "failed" });
    server.tick();
    await devtools.send("Debugger.resume");
    await expectSoon(() => page.locator(".card").first().textContent()).toContain("failed");
    await expectSoon(() => server.streams).toBe(1);
    await server.stop();
  });

  it("takes no change for new that is older than its snapshot", async () => {
    const server = await FixtureServer.start({ tick: 0 });
    await using first = await Viewer.open(browser, server.url);
    await expectSoon(() => server.streams).toBe(1);
    server.hold();
    for (const status of ["failed", "ready"] as const) {
      server.world.set(0, { status });
      server.tick();
    }
    const second = await first.page.context().newPage();
    await second.goto(server.url);
    await second.waitForSelector("#tree .actor");
    server.releaseOne();
    await expectSoon(() => first.page.locator(".card").first().textContent()).toContain("failed");
    await second.evaluate("new Promise(requestAnimationFrame)");
    expect(await second.locator(".card").first().textContent()).toContain("ready");
    await server.stop();
  });

  it("draws each tab for itself where there are no shared workers, and lets go of the stream while hidden", async () => {
    const server = await FixtureServer.start();
    const context = await browser.newContext();
    await context.addInitScript("delete globalThis.SharedWorker");
    const tab = await context.newPage();
    await tab.goto(server.url);
    await tab.waitForSelector("#tree .actor");
    expect(server.streams).toBe(1);
    const hide = (hidden: boolean) =>
      tab.evaluate(`
        Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"))`);
    await hide(true);
    await expectSoon(() => server.streams).toBe(0);
    server.world.set(0, { status: "failed" });
    await hide(false);
    await expectSoon(() => tab.locator(".card").first().textContent()).toContain("failed");
    await context.close();
    await server.stop();
  });
});

/** Texts whose contrast is below 4.5, as WCAG reckons it. */
const faintTexts = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const paint = (colors) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === "" || !element.checkVisibility() || element.closest(".spoken, noscript, .waiting")) continue;
    const grounds = [];
    for (let at = element; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
    const ground = paint(grounds);
    const [a, b] = [light(paint([...grounds, getComputedStyle(element).color])), light(ground)].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) faint.add(\`\${element.parentElement.className} \${element.className || element.tagName}: \${contrast.toFixed(2)}\`);
  }
  return [...faint];
})()`;
