import type { Manifest } from "../pipeline/workspace.ts";

/**
 * What an install has too much or too little.
 *
 * @param installed All that is there.
 * @param asked What its user asked for.
 * @param brought What our packages may bring; those of others may bring what they depend on.
 */
export function dependencyProblems(
  installed: readonly Manifest[],
  asked: readonly string[],
  brought: ReadonlyMap<string, readonly string[]>,
): string[] {
  const names = new Set(installed.map(({ name }) => name));
  const needs = (name: string) => brought.get(name) ?? needsOf(name, installed);
  const expected = new Set(asked);
  // A set is iterated to the end that it has by then.
  for (const name of expected) for (const need of needs(name)) expected.add(need);

  const required = asked.flatMap((name) => [name, ...(brought.get(name) ?? [])]);
  return [
    ...required.filter((name) => !names.has(name)).map((name) => `${name} is not installed`),
    ...[...names]
      .filter((name) => !expected.has(name))
      .map((name) => `${name} is installed, and should not be`),
  ];
}

function needsOf(name: string, installed: readonly Manifest[]): string[] {
  return installed
    .filter((one) => one.name === name)
    .flatMap(({ dependencies, optionalDependencies, peerDependencies }) =>
      Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }),
    );
}
