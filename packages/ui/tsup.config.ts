import { library } from "../../tsup.base.ts";
import { buildPage } from "./build-page.ts";

/** What `loadPage` is in the package: it has the files of the page in it. */
async function bundledPage(): Promise<string> {
  const files = Array.from(await buildPage(), ([name, bytes]) => [
    name,
    Buffer.from(bytes).toString(),
  ]);
  return `
    const files = new Map(${JSON.stringify(files)});
    export async function loadPage() {
      const encoder = new TextEncoder();
      return new Map(Array.from(files, ([name, text]) => [name, encoder.encode(text)]));
    }`;
}

export default library({
  esbuildPlugins: [
    {
      name: "page",
      setup(build) {
        build.onLoad({ filter: /[\\/]load-page\.ts$/ }, async () => ({
          contents: await bundledPage(),
        }));
      },
    },
  ],
});
