import { type DeclarationReflection, ReferenceType, ReflectionKind } from "typedoc";
import { textOf } from "./declaration.ts";
import type { Links } from "./prose.ts";

/** The members that an export is described with, and links to those exports whose members it has as well. */
export interface Members {
  readonly own: readonly DeclarationReflection[];
  readonly inherited: readonly string[];
}

/** What comes from another export is told there, once; what comes from something internal is its own. */
export function membersOf(one: DeclarationReflection, links: Links): Members {
  const bases = (one.extendedTypes ?? []).filter(
    (base) => base instanceof ReferenceType && links(base.name) !== undefined,
  ) as ReferenceType[];
  const own = (one.children ?? []).filter(
    (member) =>
      !isForeign(member) &&
      !(isError(one) && member.name === "name") &&
      !bases.some(({ name }) => member.inheritedFrom?.name.startsWith(`${name}.`) === true),
  );
  return { own, inherited: bases.map((base) => `[\`${textOf(base)}\`](${links(base.name)})`) };
}

/** Whether an export is an error class. */
export function isError({ kind, extendedTypes = [] }: DeclarationReflection): boolean {
  return (
    kind === ReflectionKind.Class && extendedTypes.some((base) => textOf(base).endsWith("Error"))
  );
}

/** Declared outside of the packages: by the language or a dependency. */
function isForeign({ sources = [], name }: DeclarationReflection): boolean {
  return sources.every(({ fileName }) => fileName.includes("node_modules")) || name.startsWith("[");
}
