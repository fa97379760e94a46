import { types } from "node:util";
import type { ValueType } from "../../model/wire.ts";
import { cut } from "./cut.ts";
import { isHidden, type Redact } from "./redaction.ts";

const deepest = 4;
/** Entries of one list that are looked at. */
const mostEntries = 100;

/** How much of a value is shown, and what not. */
export interface Showing {
  /** Characters. */
  readonly length: number;
  readonly redact?: Redact | undefined;
}

/** The type of a value, as a page draws it. */
export function valueType(value: unknown): ValueType {
  switch (typeof value) {
    case "undefined":
      return "none";
    case "boolean":
      return "boolean";
    case "bigint":
    case "number":
      return "number";
    case "string":
      return "string";
    default:
      return "json";
  }
}

/**
 * The value named `name` as JSON, to a depth of 4, cut to a length, without what must not be shown. What JSON has no word for
 * is told in a string. Nothing of the value is run: no getter, no `toJSON`, no trap of a proxy.
 */
export function valueText(name: string, value: unknown, showing: Showing): string {
  const reading = new Reading(showing);
  return cut(JSON.stringify(reading.plain([name], value)), showing.length);
}

/** One walk through a value. */
class Reading {
  readonly #length: number;
  readonly #redact: Redact | undefined;
  /** Each part of a value takes two characters at least. */
  #left: number;
  readonly #above: Set<object> = new Set();

  constructor({ length, redact }: Showing) {
    this.#length = length;
    this.#left = length / 2;
    this.#redact = redact;
  }

  plain(path: readonly string[], value: unknown): unknown {
    if (this.#left-- <= 0) return "…";
    if (isHidden(path, value, this.#redact)) return "[hidden]";
    if (typeof value === "object" && value !== null) return this.#object(path, value);
    if (typeof value === "function") return "[Function]";
    if (typeof value === "string") return cut(value, this.#length);
    if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
    return value === null || typeof value === "boolean" ? value : primitiveText(value);
  }

  #object(path: readonly string[], value: object): unknown {
    const known = builtInText(value);
    if (known !== undefined) return known;
    if (this.#above.has(value)) return "[Circular]";
    if (path.length > deepest)
      return Array.isArray(value) ? `[Array(${value.length})]` : "[Object]";
    this.#above.add(value);
    try {
      if (Array.isArray(value)) return this.#list(path, value);
      if (types.isMap(value)) return { "[Map]": this.#map(path, value) };
      if (types.isSet(value)) return { "[Set]": this.#set(path, value) };
      return this.#record(path, value);
    } finally {
      this.#above.delete(value);
    }
  }

  #list(path: readonly string[], list: readonly unknown[]): unknown[] {
    const plain: unknown[] = [];
    for (let index = 0; index < list.length && this.#isRoom(plain, list.length); index++) {
      plain.push(this.#property(path, list, String(index)));
    }
    return plain;
  }

  #map(path: readonly string[], map: ReadonlyMap<unknown, unknown>): unknown[] {
    const plain: unknown[] = [];
    for (const [key, value] of Map.prototype.entries.call(map)) {
      if (!this.#isRoom(plain, map.size)) break;
      const name = typeof key === "object" || typeof key === "function" ? "[key]" : String(key);
      plain.push([this.plain([...path, "[key]"], key), this.plain([...path, name], value)]);
    }
    return plain;
  }

  #set(path: readonly string[], set: ReadonlySet<unknown>): unknown[] {
    const plain: unknown[] = [];
    for (const value of Set.prototype.values.call(set)) {
      if (!this.#isRoom(plain, set.size)) break;
      plain.push(this.plain([...path, String(plain.length)], value));
    }
    return plain;
  }

  #record(path: readonly string[], record: object): unknown {
    const plain: [string, unknown][] = [];
    const keys = Object.keys(record);
    for (const key of keys) {
      if (this.#left <= 0 || plain.length === mostEntries) {
        plain.push(["…", `${keys.length - plain.length} more`]);
        break;
      }
      plain.push([cut(key, this.#length), this.#property(path, record, key)]);
    }
    return Object.fromEntries(plain);
  }

  #property(path: readonly string[], owner: object, key: string): unknown {
    const property = Object.getOwnPropertyDescriptor(owner, key);
    if (property === undefined) return null;
    return "value" in property ? this.plain([...path, key], property.value) : "[Getter]";
  }

  /** Whether another entry may be looked at; says at the end how many were not. */
  #isRoom(plain: unknown[], length: number): boolean {
    if (this.#left > 0 && plain.length < mostEntries) return true;
    plain.push(`… ${length - plain.length} more`);
    return false;
  }
}

function primitiveText(value: unknown): unknown {
  if (typeof value !== "bigint") return String(value);
  const text = String(value);
  const isExact = Number.isSafeInteger(Number(value));
  return isExact ? Number(text) : `${text}n`;
}

/** Of objects whose entries say nothing, or that run something when they are looked at. */
function builtInText(value: object): string | undefined {
  if (types.isProxy(value)) return "[Proxy]";
  if (types.isDate(value)) return dateText(value);
  if (types.isRegExp(value)) return "[RegExp]";
  if (types.isNativeError(value)) return errorText(value);
  if (types.isPromise(value)) return "[Promise]";
  if (types.isAnyArrayBuffer(value)) return "[ArrayBuffer]";
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (types.isWeakMap(value) || types.isWeakSet(value)) return "[Weak collection]";
  return undefined;
}

function dateText(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
}

function errorText(error: Error): string {
  const message: unknown = Object.getOwnPropertyDescriptor(error, "message")?.value;
  return typeof message === "string" ? `[Error: ${message}]` : "[Error]";
}
