import { defaultMissingValues } from "@nn/data";
import { toJavaScript } from "@nn/layers/javascript";
import { Ensemble } from "@nn/train";
import type { ImageForm, TableForm } from "../data/input-form.js";
import { originOf, qualityOf, subjectOf } from "./describe.js";
import { encodedColumns, isCategorical, type EncodedColumn } from "./encoded-columns.js";
import type { ExportedModel } from "./exported-model.js";
import { comment, literal } from "./literal.js";

/**
 * A model as a module of JavaScript without dependencies. `predict` takes a row as an object, or the samples of an image, and gives what `nn-mlp predict` gives:
 * `{ prediction, probabilities }`.
 */
export function javaScriptModule(exported: ExportedModel): string {
  const { file, model } = exported;
  const { classes, input } = model;
  const columns = input.kind === "table" ? encodedColumns(file, input) : [];
  const sections = [
    [`Predicts ${subjectOf(model)}; ${originOf(model)}.`, `${qualityOf(model)}.`, ...(input.kind === "table" ? rowUsage(columns) : imageUsage(input))].map(comment).join("\n"),
    `/** The classes. */\nexport const classes = ${literal(classes)};`,
    ...(input.kind === "table" ? rowEncoding(input, columns) : [`/** The images that the model takes. */\nexport const image = ${literal({ height: input.height, width: input.width, channels: input.channels })};`]),
    networksText(exported),
    answerText,
    input.kind === "table" ? predictRow(input, columns) : predictImage,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** The networks: one, or those of an ensemble. */
function networksText({ network, model: { architecture: { features }, input } }: ExportedModel): string {
  const members = network instanceof Ensemble ? network.models : [network];
  // A network of images has a weight for each of thousands of samples, which nobody reads.
  const weights = input.kind === "table" ? "decimal" : "base64";
  return `/** From features to logits${members.length > 1 ? "; the probabilities are means over these networks" : ""}. */\nconst networks = [\n${members.map((member) => `${toJavaScript(member, { inputs: features, form: "expression", weights })},\n`).join("")}];`;
}

const answerText = `/** The probabilities of logits, without overflow. */
const softmax = (logits) => {
  const largest = Math.max(...logits);
  const powers = logits.map((v) => Math.exp(v - largest));
  const total = powers.reduce((sum, v) => sum + v, 0);
  return powers.map((v) => v / total);
};

const answerOf = (features) => {
  const each = networks.map((network) => softmax(network(features)));
  const means = classes.map((_, at) => each.reduce((sum, own) => sum + own[at], 0) / each.length);
  return { prediction: classes[means.indexOf(Math.max(...means))], probabilities: Object.fromEntries(classes.map((name, at) => [name, means[at]])) };
};`;

const predictImage = `/** The class of an image, and the probability of each class. */
export function predict(samples) {
  return answerOf(Array.from(samples));
}`;

function imageUsage({ height, width, channels }: ImageForm): readonly string[] {
  const order = channels === 1 ? "row by row" : "all reds row by row, then all greens, then all blues";
  return [`predict(samples) takes ${height * width * channels} numbers from 0 to 1, ${order}: the samples of an image of ${height} x ${width} (height x width).`, "It returns { prediction, probabilities }."];
}

const valueKinds: { readonly [K in EncodedColumn["kind"]]: string } = { number: "a number", category: "a text", date: "a date such as 2024-02-29" };

/** What a value of a column must be, in words. */
function kindOf(column: EncodedColumn): string {
  return column.kind === "date" && column.parts.some(({ part }) => part === "hour" || part === "minute" || part === "second") ? "a date with a time such as 2024-02-29T13:45" : valueKinds[column.kind];
}

function rowUsage(columns: readonly EncodedColumn[]): readonly string[] {
  return ["predict(row) takes an object with these values, and returns { prediction, probabilities }:", ...columns.map((column) => `  ${JSON.stringify(column.name)}: ${kindOf(column)}`)];
}

const encoders: { readonly [K in EncodedColumn["kind"]]: string } = {
  number: `  number(column, value) {
    if (value !== undefined && (typeof value !== "number" || !Number.isFinite(Math.fround(value)))) throw unexpected(column, value);
    return [standardized(value, column)];
  },`,
  date: String.raw`  date(column, value) {
    const found = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(value ?? "");
    const [year, month, day, hour, minute, second = hour && 0] = found?.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits))) ?? [];
    const date = new Date(0);
    date.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day ?? 0);
    const exists = found !== null && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && !(hour > 23 || minute > 59 || second > 60);
    const parts = { year, month, day, weekday: date.getUTCDay() || 7, hour, minute, second };
    if (value !== undefined && !(exists && column.parts.every(({ part }) => parts[part] !== undefined))) throw unexpected(column, value);
    return column.parts.map((each) => standardized(value === undefined ? undefined : parts[each.part], each));
  },`,
  category: `  // A category that the training did not have is none of them.
  category({ categories }, value) {
    return categories.map((each) => (value !== undefined && each === String(value) ? 1 : 0));
  },`,
};

/** The columns, and how their values become features. */
function rowEncoding({ missing }: TableForm, columns: readonly EncodedColumn[]): readonly string[] {
  const kinds = new Set(columns.map(({ kind }) => kind));
  const written = columns.map((column) => ({ ...column, expected: kindOf(column) }));
  return [
    `/** The columns of a row; \`mean\` and \`scale\` are those of the training rows. */\nexport const columns = [\n${written.map((column) => `  ${literal(column)},\n`).join("")}];`,
    `/** What counts as a missing value, besides null, undefined and NaN. */\nconst missingValues = new Set(${literal(defaultMissingValues)});`,
    `const unexpected = ({ name, expected }, value) => new TypeError(\`predict: \${JSON.stringify(name)} is \${value === undefined ? "missing" : (JSON.stringify(value) ?? String(value))}, expected \${expected}\`);`,
    ...(kinds.has("number") || kinds.has("date") ? [missing === "mean"
      ? "/** A missing number counts as the mean. */\nconst standardized = (value, { mean, scale }) => (value === undefined ? 0 : (value - mean) / scale);"
      : "const standardized = (value, { mean, scale }) => (value - mean) / scale;"] : []),
    `/** The features of a value; \`undefined\` stands for a missing one. */\nconst encode = {\n${(Object.keys(encoders) as (keyof typeof encoders)[]).filter((kind) => kinds.has(kind)).map((kind) => encoders[kind]).join("\n")}\n};`,
  ];
}

/** What happens to a row that lacks a value. */
const missingRules: { readonly [M in TableForm["missing"]]: readonly string[] } = {
  mean: [],
  drop: ["  if (values.includes(undefined)) return { prediction: null, probabilities: null };"],
  error: ["  const absent = values.indexOf(undefined);", '  if (absent >= 0) throw unexpected(columns[absent]);'],
};

function predictRow({ missing }: TableForm, columns: readonly EncodedColumn[]): string {
  const numbersFirst = columns.some(isCategorical) && columns.some((column) => !isCategorical(column));
  return [
    `/** The class of a row, and the probability of each class${missing === "drop" ? "; null if a value is missing" : ""}. */`,
    "export function predict(row) {",
    '  if (typeof row !== "object" || row === null || Array.isArray(row)) throw new TypeError("predict: expected an object with a value for each column");',
    "  const values = columns.map(({ name }) => {",
    "    const given = Object.hasOwn(row, name) ? row[name] : undefined;",
    '    const value = typeof given === "string" ? given.trim() : given;',
    "    return value === null || Number.isNaN(value) || missingValues.has(value) ? undefined : value;",
    "  });",
    ...missingRules[missing],
    "  const features = columns.map((column, at) => encode[column.kind](column, values[at]));",
    numbersFirst
      ? '  // Numbers and dates come first.\n  return answerOf([...features.filter((_, at) => columns[at].kind !== "category"), ...features.filter((_, at) => columns[at].kind === "category")].flat());'
      : "  return answerOf(features.flat());",
    "}",
  ].join("\n");
}
