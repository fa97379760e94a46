/**
 * How the changelogs read: what a changeset says, without the name of its commit.
 *
 * @param {{ summary: string }} changeset
 */
export async function getReleaseLine({ summary }) {
  const [first, ...others] = summary.trim().split("\n");
  return [`- ${first}`, ...others.map((line) => (line === "" ? "" : `  ${line}`))].join("\n");
}

/**
 * @param {unknown} _
 * @param {readonly { name: string, newVersion: string }[]} dependencies
 */
export async function getDependencyReleaseLine(_, dependencies) {
  if (dependencies.length === 0) return "";
  const names = dependencies.map(({ name, newVersion }) => `\`${name}\` ${newVersion}`);
  return `- Goes with ${names.join(", ")}`;
}
