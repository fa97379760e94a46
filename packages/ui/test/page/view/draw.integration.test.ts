import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../browser.ts";

let browser: Browser;
let script: string;

beforeAll(async () => {
  browser = await launchBrowser();
  const folder = fileURLToPath(new URL("../../../src/page/view", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: `export * from "./draw.ts"; export * from "./h.ts";`, resolveDir: folder },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "view",
  });
  script = outputFiles[0]!.text;
});

afterAll(async () => {
  await browser?.close();
});

/** Runs in a page in which `h`, and `draw` for what is in the body, are there. */
async function inPage<Result>(body: string): Promise<Result> {
  const page = await browser.newPage();
  await page.addScriptTag({ content: script });
  try {
    return await page.evaluate<Result>(`(() => {
      const { h } = view;
      const draw = (...children) => { view.draw(document.body, { props: {}, children }); return document.body.innerHTML; };
      ${body}
    })()`);
  } finally {
    await page.close();
  }
}

describe("draw", () => {
  it("makes what is described, and leaves out what is nothing", async () => {
    const html = await inPage(`return draw(
      h("p", { class: "a", hidden: true, title: undefined, "aria-pressed": false }, "x ", 1, null, false, true, ["y"]),
      h("svg", { viewBox: "0 0 1 1" }, h("path", { d: "M0 0" })))`);
    expect(html).toBe(
      '<p class="a" hidden="" aria-pressed="false">x 1y</p><svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>',
    );
  });

  it("takes text for text, never for markup", async () => {
    expect(await inPage(`return draw(h("b", { title: '"><i>' }, "<i>&amp;"))`)).toBe(
      '<b title="&quot;&gt;&lt;i&gt;">&lt;i&gt;&amp;amp;</b>',
    );
  });

  it("keeps the elements of those that have the same key, wherever they move", async () => {
    const kept = await inPage(`
      const list = (...keys) => draw(h("ul", null, keys.map((key) => h("li", { key }, key))));
      list("a", "b", "c");
      const before = Object.fromEntries([...document.querySelectorAll("li")].map((li) => [li.textContent, li]));
      const html = list("c", "new", "a");
      const after = [...document.querySelectorAll("li")];
      return [html, after[0] === before.c, after[2] === before.a, before.b.isConnected]`);
    expect(kept).toEqual(["<ul><li>c</li><li>new</li><li>a</li></ul>", true, true, false]);
  });

  it("keeps an element that stands behind one that comes and goes", async () => {
    const same = await inPage(`
      draw(h("main", null, false, h("input", null)));
      const input = document.querySelector("input");
      draw(h("main", null, h("p", null, "new"), h("input", null)));
      return input === document.querySelector("input") && input.isConnected`);
    expect(same).toBe(true);
  });

  it("moves none of those that stay when one before them goes: it would lose the focus", async () => {
    const focused = await inPage(`
      draw(h("p", null), "text", h("b", null), h("input", { key: "i" }));
      const input = document.querySelector("input");
      input.focus();
      draw(null, null, h("b", null), h("input", { key: "i" }));
      draw(null, "text", h("i", null), h("input", { key: "i" }));
      return document.activeElement === input`);
    expect(focused).toBe(true);
  });

  it("tells of an element once when it is there, and when it is gone, however deep", async () => {
    const log = await inPage(`
      const log = [];
      const ref = (element) => { log.push("begin " + element.isConnected); return () => log.push("end"); };
      const tree = () => h("div", null, h("p", null, h("i", { ref })));
      draw(tree()); draw(tree()); draw(null);
      return log`);
    expect(log).toEqual(["begin true", "end"]);
  });

  it("calls the last handler, whose false prevents nothing", async () => {
    const log = await inPage(`
      const log = [];
      draw(h("input", { type: "checkbox", onClick: () => log.push("old") }));
      draw(h("input", { type: "checkbox", onClick: () => { log.push("new"); return false; } }));
      document.querySelector("input").click();
      log.push(document.querySelector("input").checked);
      draw(h("input", { type: "checkbox" }));
      document.querySelector("input").click();
      return log`);
    expect(log).toEqual(["new", true]);
  });

  it("looks after any steps as if it were drawn at once", async () => {
    const different = await inPage(`
      let seed = 1;
      const next = (most) => { seed = (seed * 48271) % 2147483647; return seed % most; };
      const grow = (depth) => {
        const children = Array.from({ length: next(4) }, () => {
          const kind = next(depth > 0 ? 5 : 2);
          if (kind === 0) return "t" + next(9);
          if (kind === 1) return [null, false, undefined][next(3)];
          if (kind === 2) return [grow(depth - 1), "s", grow(depth - 1)];
          return grow(depth - 1);
        });
        const key = next(3) === 0 ? { key: "k" + next(100000) } : {};
        return h(["b", "i", "svg"][next(3)], { ...key, ...(next(2) && { title: "x" + next(5) }) }, ...children);
      };
      const different = [];
      for (let round = 0; round < 400; round++) {
        const tree = grow(4);
        const stepped = draw(tree);
        const fresh = document.createElement("body");
        view.draw(fresh, { props: {}, children: [tree] });
        if (fresh.innerHTML !== stepped) different.push([stepped, fresh.innerHTML]);
      }
      return different`);
    expect(different).toEqual([]);
  });
});
