import { type DeclarationReflection, ReflectionKind, type SignatureReflection } from "typedoc";
import { textOf } from "./declaration.ts";
import { isError, membersOf } from "./members.ts";
import type { Documented } from "./project.ts";
import { blocksOf, type Links, summaryOf } from "./prose.ts";

/** What the comments of a package leave out, each with the name that lacks it. */
export function problemsOf(one: Documented, links: Links): string[] {
  return one.entries.flatMap(({ name, exported }) =>
    exported.flatMap((declaration) =>
      problemsOfExport(declaration, links).map((problem) => `${name}: ${problem}`),
    ),
  );
}

function problemsOfExport(one: DeclarationReflection, links: Links): string[] {
  const members = membersOf(one, links).own;
  return [
    ...(isDescribed(one) ? [] : [`\`${one.name}\` is not described`]),
    ...(one.signatures ?? []).flatMap((signature) => throwsOf(one.name, signature)),
    ...members.flatMap((member) => problemsOfMember(one, member)),
  ];
}

function problemsOfMember(owner: DeclarationReflection, member: DeclarationReflection): string[] {
  const name = `${owner.name}.${member.name}`;
  if (member.kind === ReflectionKind.Constructor) {
    const signatures = isError(owner) ? [] : (member.signatures ?? []);
    return signatures.flatMap((signature) => throwsOf(`new ${owner.name}`, signature));
  }
  if (isConstant(owner, member)) return [];
  if (!isDescribed(member)) return [`\`${name}\` is not described`];
  return owner.name.endsWith("Options") ? problemsOfOption(name, member) : [];
}

function problemsOfOption(name: string, { type, flags, comment }: DeclarationReflection): string[] {
  const text = textOf(type);
  const problems: string[] = [];
  const needsDefault = flags.isOptional && text !== "AbortSignal" && !text.includes("=>");
  if (needsDefault && blocksOf(comment, "@defaultValue", noLinks).length === 0)
    problems.push(`\`${name}\` is optional and has no @defaultValue`);
  const isDuration = /\bnumber\b/.test(text) && duration.test(name);
  if (isDuration && !/\bms\b|millisecond/i.test(summaryOf(comment, noLinks)))
    problems.push(`\`${name}\` does not say that it is in milliseconds`);
  return problems;
}

/** What takes options refuses those that make no sense, and says so. */
function throwsOf(name: string, { comment, parameters = [] }: SignatureReflection): string[] {
  const hasOptions = parameters.some(({ type }) => /Options\b/.test(textOf(type)));
  if (!hasOptions || blocksOf(comment, "@throws", noLinks).length > 0) return [];
  return [`\`${name}\` does not say what it throws`];
}

function isDescribed({ comment, signatures, getSignature }: DeclarationReflection): boolean {
  const comments = signatures?.map(({ comment }) => comment) ?? [comment ?? getSignature?.comment];
  return comments.every((one) => summaryOf(one, noLinks) !== "");
}

/** An error's `code`, and what is always true of it, are told by their values. */
function isConstant(owner: DeclarationReflection, { type }: DeclarationReflection): boolean {
  return isError(owner) && /^(".*"|true|false)$/.test(textOf(type));
}

const noLinks: Links = () => undefined;

const duration =
  /(Timeout|Delay|Interval|Grace|Window|Time|turnaround|staleAfter|resetAfter|wait)$/i;
