/**
 * The files of the page by name. This is how they come from their sources; the build puts a module with the bundled files in
 * place of this one.
 */
export async function loadPage(): Promise<ReadonlyMap<string, Uint8Array>> {
  const bundler = new URL("../../../../build-page.ts", import.meta.url).href;
  const { buildPage } = (await import(bundler)) as {
    buildPage: () => Promise<Map<string, Uint8Array>>;
  };
  return buildPage();
}
