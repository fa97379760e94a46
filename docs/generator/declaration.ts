import {
  type DeclarationReflection,
  type ParameterReflection,
  ReflectionKind,
  type SignatureReflection,
  type SomeType,
  type TypeParameterReflection,
} from "typedoc";

/** The longest line of a code block. */
const width = 100;

/** How an export is declared, as TypeScript: without the members that are told of below it. */
export function declarationOf(one: DeclarationReflection): string {
  const head = `${one.name}${typeParametersOf(one.typeParameters)}`;
  switch (one.kind) {
    case ReflectionKind.Function:
      return (one.signatures ?? [])
        .map((signature) => `function ${signatureOf(signature, ": ")}`)
        .join("\n");
    case ReflectionKind.Class:
      return `class ${head}${basesOf(one)}`;
    case ReflectionKind.Interface:
      return `interface ${head}${basesOf(one)}`;
    case ReflectionKind.TypeAlias:
      return broken(`type ${head} =`, textOf(one.type));
    default:
      return broken(`const ${head}:`, textOf(one.type));
  }
}

/** A function, a method or a constructor with its parameters and its result. */
export function signatureOf(signature: SignatureReflection, result: ": " | " => " = ": "): string {
  const { name, typeParameters, parameters = [], kind } = signature;
  const isConstructor = kind === ReflectionKind.ConstructorSignature;
  const head = isConstructor
    ? `new ${textOf(signature.type)}`
    : `${name}${typeParametersOf(typeParameters)}`;
  const tail = isConstructor ? "" : `${result}${textOf(signature.type)}`;
  const list = parameters.map(parameterOf);
  const line = `${head}(${list.join(", ")})${tail}`;
  if (line.length <= width) return line;
  return `${head}(\n${list.map((one) => `  ${one},\n`).join("")})${tail}`;
}

/** A call in short, for a heading: names without types. */
export function callOf({ name, parameters = [] }: SignatureReflection): string {
  const list = parameters.map(({ name, flags, defaultValue }) => {
    const shown = name === "__namedParameters" ? "options" : name;
    if (flags.isRest) return `...${shown}`;
    return flags.isOptional || defaultValue !== undefined ? `${shown}?` : shown;
  });
  return `${name}(${list.join(", ")})`;
}

/** A type as TypeScript, on one line. */
export function textOf(type: SomeType | undefined): string {
  return (type?.toString() ?? "void").replaceAll(/\s+/g, " ");
}

function parameterOf({ name, type, flags, defaultValue }: ParameterReflection): string {
  const shown = name === "__namedParameters" ? "options" : name;
  const isOptional = flags.isOptional || defaultValue !== undefined;
  return `${flags.isRest ? "..." : ""}${shown}${isOptional ? "?" : ""}: ${textOf(type)}`;
}

function typeParametersOf(parameters: readonly TypeParameterReflection[] | undefined): string {
  if (parameters === undefined || parameters.length === 0) return "";
  const list = parameters.map(({ name, type, default: fallback }) => {
    const bound = type === undefined ? "" : ` extends ${textOf(type)}`;
    return `${name}${bound}${fallback === undefined ? "" : ` = ${textOf(fallback)}`}`;
  });
  return `<${list.join(", ")}>`;
}

function basesOf({ extendedTypes = [], implementedTypes = [] }: DeclarationReflection): string {
  const list = (word: string, types: readonly SomeType[]): string =>
    types.length === 0 ? "" : ` ${word} ${types.map(textOf).join(", ")}`;
  return list("extends", extendedTypes) + list("implements", implementedTypes);
}

/** A type that is too long for its line goes on the next ones, one alternative on each. */
function broken(head: string, type: string): string {
  if (head.length + 1 + type.length <= width) return `${head} ${type}`;
  const parts = alternativesOf(type);
  return `${head}\n${parts.map((part) => `  ${part}`).join("\n")}`;
}

/** Cut where a `|`, a `?` or a `:` stands outside of all brackets. */
function alternativesOf(type: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < type.length; at++) {
    const character = type[at]!;
    if ("([{<".includes(character)) depth++;
    else if (")]}".includes(character) || (character === ">" && type[at - 1] !== "=")) depth--;
    else if (depth === 0 && /^ [|?:] /.test(type.slice(at, at + 3))) {
      parts.push(type.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, type.slice(from)];
}
