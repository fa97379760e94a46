/** What `GET /` shows. */
export interface PageContent {
  /** The heater in one line. */
  readonly heater: string;
  /** The tree as text. */
  readonly tree: string;
}

/** A page without a script: the browser asks for it again every two seconds. */
export function pageOf({ heater, tree }: PageContent): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>sup demo gateway</title>
<style>${style}</style>
</head>
<body>
<h1>sup demo gateway</h1>
<p>${escape(heater)}</p>
<pre>${escape(tree)}</pre>
<p><a href="/tree.txt">/tree.txt</a> <a href="/api/v1/tree">/api/v1/tree</a> <a href="/api/v1/heater">/api/v1/heater</a> <a href="/healthz">/healthz</a></p>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.25rem; }
pre { overflow-x: auto; font: 0.875rem/1.6 ui-monospace, monospace; }
a { margin-right: 1rem; }
`;

function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
