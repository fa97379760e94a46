import { type DeclarationReflection, ReflectionKind, type SignatureReflection } from "typedoc";
import { textOf } from "./declaration.ts";
import { isError, membersOf } from "./members.ts";
import type { Documented } from "./project.ts";
import { blocksOf, type Links, summaryOf } from "./prose.ts";

/** What the comments of a package leave out, each with the name that lacks it. */
export function problemsOf(one: Documented, links: Links): string[] {
  return one.entries.flatMap(({ name, exported }) =>
    exported.flatMap((declaration) => {
      const problems = problemsOfExport(declaration, links);
      // What is there for tests does not check what they give it.
      if (!name.endsWith("/testing")) problems.push(...errorsNotToldBy(declaration));
      return problems.map((problem) => `${name}: ${problem}`);
    }),
  );
}

function problemsOfExport(one: DeclarationReflection, links: Links): string[] {
  const members = membersOf(one, links).own;
  return [
    ...(isDescribed(one) ? [] : [`\`${one.name}\` is not described`]),
    ...members.flatMap((member) => problemsOfMember(one, member)),
  ];
}

function problemsOfMember(owner: DeclarationReflection, member: DeclarationReflection): string[] {
  const name = `${owner.name}.${member.name}`;
  if (member.kind === ReflectionKind.Constructor || isConstant(owner, member)) return [];
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

/** What takes options refuses those that make no sense, and has to say so. */
function errorsNotToldBy(one: DeclarationReflection): string[] {
  const constructor = one.children?.find(({ kind }) => kind === ReflectionKind.Constructor);
  const constructors = isError(one) ? [] : (constructor?.signatures ?? []);
  return [
    ...(one.signatures ?? []).filter(isSilent).map(({ name }) => name),
    ...constructors.filter(isSilent).map(() => `new ${one.name}`),
  ].map((name) => `\`${name}\` does not say what it throws`);
}

function isSilent({ comment, parameters = [] }: SignatureReflection): boolean {
  const hasOptions = parameters.some(({ type }) => /Options\b/.test(textOf(type)));
  return hasOptions && blocksOf(comment, "@throws", noLinks).length === 0;
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
