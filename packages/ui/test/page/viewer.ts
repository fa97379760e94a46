import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

/** One who looks at the page, and hears what its browser complains of. */
export class Viewer implements AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings of the console, violations of the policy among them, and what was thrown. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<Viewer> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    const viewer = new Viewer(await context.newPage());
    await viewer.page.goto(url);
    await viewer.page.waitForSelector("#tree .actor");
    return viewer;
  }

  /** The rows of the tree that are drawn, from top to bottom, as a screen reader names them. */
  async rows(): Promise<string[]> {
    return this.page.evaluate<string[]>(`
      [...document.querySelectorAll("#tree .actor:not([hidden])")]
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => row.getAttribute("aria-label"))`);
  }

  /** The row of an actor; pooled rows are hidden, but still there. */
  row(name: string): Locator {
    return this.page.locator(`#tree .actor:not([hidden])[aria-label^="${name},"]`);
  }

  /** What has the focus, as a screen reader names it. */
  async focus(): Promise<string | null> {
    return this.page.evaluate<string | null>(
      `document.activeElement.getAttribute("aria-label") ?? document.activeElement.tagName`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}
