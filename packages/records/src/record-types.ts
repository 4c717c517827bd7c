import { anyNumber, FieldError, finite, list, mapOf, object, oneOf, optional, probability, refuse, size, string, type Field, type FieldsOf } from "./fields.js";
import type { ConfusionExample, PngImage, RecordBase, RecordOf, RecordType, RunRecord, SettingValue } from "./run-record.js";

/** The limits of the sizes of records, so that no file and no message uses up all memory. */
const most = { name: 200, text: 4_000_000, values: 10_000, bins: 1000, classes: 1000, examples: 10_000, images: 1000, png: 8_000_000, depth: 20 };

const name = string(most.name);
const base: FieldsOf<RecordBase> = { step: size, time: finite };

const png: FieldsOf<PngImage> = { png: base64(most.png), width: size, height: size };

const example = object<ConfusionExample>({
  target: size,
  predicted: size,
  probability: optional(probability),
  image: optional(object(png)),
  text: optional(string(most.text)),
});

/** The fields of every kind of record, without `type`, which is read first. */
export const recordTypes: { readonly [Type in RecordType]: FieldsOf<RecordOf<Type>> } = {
  scalars: { type: oneOf(["scalars"]), ...base, values: mapOf(anyNumber, most.values) },
  histogram: {
    type: oneOf(["histogram"]), ...base, name,
    edges: list(finite, most.bins + 1), counts: list(size, most.bins),
    mean: finite, deviation: finite, zeros: size, nonFinite: size,
    units: optional(object<{ readonly count: number; readonly inactive: number }>({ count: size, inactive: size })),
  },
  confusion: {
    type: oneOf(["confusion"]), ...base, name,
    classes: list(name, most.classes), counts: list(list(size, most.classes), most.classes), examples: optional(list(example, most.examples)),
  },
  images: { type: oneOf(["images"]), ...base, name, images: list(object<RecordOf<"images">["images"][number]>({ ...png, caption: optional(string(most.text)) }), most.images) },
  text: { type: oneOf(["text"]), ...base, name, text: string(most.text) },
  status: {
    type: oneOf(["status"]), ...base,
    state: oneOf(["running", "paused", "completed", "stopped", "interrupted", "diverged", "failed"]),
    message: optional(string(most.text)), totalSteps: optional(size), commands: optional(list(oneOf(["pause", "resume", "stop", "save"]), 4)),
  },
  settings: { type: oneOf(["settings"]), ...base, settings: mapOf(setting(0), most.values) },
  program: { type: oneOf(["program"]), ...base, name, view: oneOf(["graph", "kernels", "profile"]), text: string(most.text) },
};

const typeNames = Object.keys(recordTypes) as RecordType[];
const kind = oneOf(typeNames);

/** Checks that the fields of a record agree with one another. */
const agreements: { readonly [Type in RecordType]?: (record: RecordOf<Type>) => void } = {
  histogram: ({ edges, counts }) => {
    if (edges.length !== (counts.length === 0 ? 0 : counts.length + 1)) throw new FieldError(`record.edges has ${edges.length} limits for ${counts.length} bins, expected one more limit than bins`);
    if (edges.some((edge, at) => at > 0 && edge < (edges[at - 1] ?? edge))) throw new FieldError("record.edges descends, expected ascending limits");
  },
  confusion: ({ classes, counts, examples = [] }) => {
    const n = classes.length;
    if (counts.length !== n || counts.some((row) => row.length !== n)) throw new FieldError(`record.counts has ${counts.length} rows of ${counts.map((row) => row.length).join(", ")}, expected ${n} rows of ${n}, one for each class`);
    for (const [at, { target, predicted }] of examples.entries()) {
      if (target >= n || predicted >= n) throw new FieldError(`record.examples[${at}] is of class ${Math.max(target, predicted)}, expected an index below ${n}, the number of classes`);
    }
  },
};

/**
 * Reads a record from the value of its JSON form.
 * @throws FieldError
 */
export function readRecord(value: unknown): RunRecord {
  const type = kind(typeof value === "object" && value !== null && "type" in value ? value.type : refuse(value, "record", "an object with a type"), "record.type");
  return readOf(type, value);
}

function readOf<Type extends RecordType>(type: Type, value: unknown): RecordOf<Type> {
  const record = object<RecordOf<Type>>(recordTypes[type])(value, "record");
  agreements[type]?.(record);
  return record;
}

/** A plain value of settings, with a limited depth. */
function setting(depth: number): Field<SettingValue> {
  return (value, path) => {
    if (typeof value === "string" || typeof value === "boolean" || typeof value === "number" || value === null) return value;
    if (depth === most.depth) return refuse(value, path, `at most ${most.depth} levels of nesting`);
    if (typeof value !== "object") return refuse(value, path, "a plain value: a string, a number, a boolean, null, a list or an object");
    return Array.isArray(value) ? list(setting(depth + 1), most.values)(value, path) : mapOf(setting(depth + 1), most.values)(value, path);
  };
}

/** Bytes in base64. */
function base64(longest: number): Field<string> {
  const text = string(longest);
  return (value, path) => {
    const found = text(value, path);
    return /^[A-Za-z0-9+/]*={0,2}$/.test(found) && found.length % 4 === 0 ? found : refuse(value, path, "bytes in base64");
  };
}
