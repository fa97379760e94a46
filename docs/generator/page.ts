import { type DeclarationReflection, ReflectionKind, type SignatureReflection } from "typedoc";
import { callOf, declarationOf, signatureOf, textOf } from "./declaration.ts";
import { isError, membersOf } from "./members.ts";
import type { Documented } from "./project.ts";
import { blocksOf, firstSentenceOf, inCell, type Links, summaryOf } from "./prose.ts";

/** The kinds of exports, in their order on the page. */
const sections: readonly (readonly [string, (one: DeclarationReflection) => boolean])[] = [
  ["Functions", ({ kind }) => kind === ReflectionKind.Function],
  ["Classes", (one) => one.kind === ReflectionKind.Class && !isError(one)],
  ["Errors", isError],
  ["Interfaces", ({ kind }) => kind === ReflectionKind.Interface],
  ["Types", ({ kind }) => kind === ReflectionKind.TypeAlias],
  ["Constants", ({ kind }) => kind === ReflectionKind.Variable],
];

/** The page of the reference for one package. `linksTo` knows the pages of the others. */
export function pageOf(one: Documented, linksTo: Links): string {
  const parts = one.entries.flatMap(({ name, exported }) => [
    `## Exports of \`${name}\``,
    contentsOf(exported, linksTo),
    ...sectionsOf(exported).flatMap(([, declarations]) =>
      declarations.map((declaration) => exportOf(declaration, linksTo)),
    ),
  ]);
  return `${[
    `# Reference of \`${one.name}\``,
    "<!-- Made from the comments of the sources by `npm run reference`. What is changed here by hand is lost. -->",
    `All that it exports. How it is used is told in its [README](../../packages/${one.folder}/README.md).`,
    ...parts,
  ].join("\n\n")}\n`;
}

/** The anchors of a page's exports, in the way in which GitHub makes them of headings. */
export function anchorsOf(one: Documented): Map<string, string> {
  const seen = new Map<string, number>();
  const slugOf = (heading: string): string => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  };
  const anchors = new Map<string, string>();
  for (const { exported } of one.entries) {
    for (const [, declarations] of sectionsOf(exported)) {
      for (const declaration of declarations) {
        anchors.set(declaration.name, slugOf(declaration.name));
        for (const method of methodsOf(declaration)) slugOf(method);
      }
    }
  }
  return anchors;
}

function sectionsOf(
  exported: readonly DeclarationReflection[],
): (readonly [string, DeclarationReflection[]])[] {
  return sections
    .map(([title, belongs]) => [title, exported.filter(belongs)] as const)
    .filter(([, declarations]) => declarations.length > 0);
}

function contentsOf(exported: readonly DeclarationReflection[], links: Links): string {
  const rows = sectionsOf(exported).flatMap(([title, declarations]) => [
    `| **${title}** | |`,
    ...declarations.map((one) => {
      const comment = one.comment ?? one.signatures?.[0]?.comment;
      return `| [\`${one.name}\`](${links(one.name)}) | ${firstSentenceOf(comment, links)} |`;
    }),
  ]);
  return ["| | |", "| --- | --- |", ...rows].join("\n");
}

function exportOf(one: DeclarationReflection, links: Links): string {
  const { own, inherited } = membersOf(one, links);
  const methods = own.filter(({ signatures }) => signatures !== undefined);
  // Errors are caught, and made by nobody else.
  const construct = methods.filter(
    ({ kind }) => kind === ReflectionKind.Constructor && !isError(one),
  );
  const described = one.signatures?.length === 1 ? one.signatures[0]!.comment : one.comment;
  const overloads = one.signatures ?? [];
  return [
    `### \`${one.name}\``,
    code([declarationOf(one), ...construct.flatMap(constructorOf)].join("\n")),
    summaryOf(described, links),
    ...(overloads.length > 1
      ? uniqueOf(overloads.map((overload) => detailsOf(overload, links)))
      : [...notesOf(described, links)]),
    ...construct.flatMap(({ signatures = [] }) =>
      signatures.map((signature) => detailsOf(signature, links)),
    ),
    tableOf(
      own.filter((member) => member.signatures === undefined),
      links,
    ),
    inherited.length === 0 ? "" : `And all of ${inherited.join(" and ")}.`,
    ...methods
      .filter(({ kind }) => kind !== ReflectionKind.Constructor)
      .map((method) => methodOf(method, links)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function constructorOf({ signatures = [] }: DeclarationReflection): string[] {
  return signatures.map((signature) => signatureOf(signature));
}

function tableOf(members: readonly DeclarationReflection[], links: Links): string {
  if (members.length === 0) return "";
  const rows = members.map((member) => {
    const comment = member.comment ?? member.getSignature?.comment;
    const type = inCell(textOf(member.type ?? member.getSignature?.type));
    const fallback = blocksOf(comment, "@defaultValue", links)[0] ?? "";
    const name = `\`${member.name}${member.flags.isOptional ? "?" : ""}\``;
    return {
      name,
      type: `\`${type}\``,
      fallback: inCell(fallback),
      what: inCell(summaryOf(comment, links)),
    };
  });
  const hasDefaults = rows.some(({ fallback }) => fallback !== "");
  const lines = rows.map(({ name, type, fallback, what }) =>
    hasDefaults
      ? `| ${name} | ${type} | ${fallback} | ${what} |`
      : `| ${name} | ${type} | ${what} |`,
  );
  const head = hasDefaults
    ? ["| member | type | default | |", "| --- | --- | --- | --- |"]
    : ["| member | type | |", "| --- | --- | --- |"];
  return [...head, ...lines].join("\n");
}

function methodsOf(one: DeclarationReflection): string[] {
  const { own } = membersOf(one, () => "");
  return own
    .filter(({ kind, signatures }) => signatures && kind !== ReflectionKind.Constructor)
    .map((method) => headingOf(one.name, method));
}

function headingOf(owner: string, { signatures = [] }: DeclarationReflection): string {
  return `${owner}.${callOf(signatures[0]!)}`;
}

function methodOf(method: DeclarationReflection, links: Links): string {
  const signatures = method.signatures ?? [];
  return [
    `#### \`${headingOf(method.parent!.name, method)}\``,
    code(signatures.map((signature) => signatureOf(signature)).join("\n")),
    ...uniqueOf(signatures.map((signature) => detailsOf(signature, links))),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Overloads often have one comment. */
function uniqueOf(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function detailsOf(signature: SignatureReflection, links: Links): string {
  const { comment, parameters = [] } = signature;
  const told = parameters.flatMap(({ name, comment }) =>
    comment === undefined ? [] : [`- \`${name}\`: ${summaryOf(comment, links)}`],
  );
  return [summaryOf(comment, links), told.join("\n"), ...notesOf(comment, links)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function* notesOf(comment: SignatureReflection["comment"], links: Links): Generator<string> {
  for (const text of blocksOf(comment, "@returns", links)) yield `**Returns** ${text}`;
  const thrown = blocksOf(comment, "@throws", links);
  if (thrown.length === 1) yield `**Throws** ${thrown[0]}`;
  else if (thrown.length > 1) yield `**Throws**\n${thrown.map((text) => `- ${text}`).join("\n")}`;
  for (const text of blocksOf(comment, "@example", links)) yield text;
}

function code(text: string): string {
  return `\`\`\`ts\n${text}\n\`\`\``;
}
