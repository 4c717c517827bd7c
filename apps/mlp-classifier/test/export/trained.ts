import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import { callIn } from "../call.js";

/** A value of a row, as programs have it: dates are ISO 8601. */
export type Value = string | number | boolean | null;

/** Rows for a model of a table, as modules take them; `asTrained` are the same in the notation of the training data. */
export interface Rows {
  readonly rows: readonly Readonly<Record<string, Value>>[];
  readonly asTrained?: (row: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>;
}

const fixture = (name: string): string => new URL(`../fixtures/${name}.csv`, import.meta.url).pathname;

/** Names and texts that mean something in HTML, in JavaScript, or to objects. */
export const hostile = { column: '</script><b id="x">', target: "__proto__", classes: ["<i>", "constructor"], category: "'\"`${1}\u2028x" } as const;

/** A table with a date and a time, whose rows may lack values; its names are hostile. */
function visits(): string {
  const records = Array.from({ length: 60 }, (_, at) => {
    const day = String(1 + (at % 28)).padStart(2, "0");
    const values: readonly (readonly [string, Value])[] = [
      ["at", `${day}.0${1 + (at % 9)}.2024 ${10 + (at % 9)}:${10 + (at % 40)}`], [hostile.column, at % 7 === 3 ? null : (at * 37) % 100],
      ["constructor", at % 3 === 0 ? hostile.category : at % 3 === 1 ? true : 8001], [hostile.target, hostile.classes[at % 2] ?? ""],
    ];
    return Object.fromEntries(values);
  });
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

const german = (iso: string): string => iso.replace(/^(\d+)-(\d+)-(\d+)T?/, "$3.$2.$1 ").trim();

/** Models of tables: how they are trained, and rows to predict. */
export const tables: Readonly<Record<string, Rows & { readonly train: readonly string[]; readonly data?: () => string }>> = {
  flowers: {
    train: ["--data", fixture("flowers"), "--target", "species", "--hidden", "8", "--epochs", "10"],
    rows: [
      { sepal_length: 7.2, sepal_width: 2.5, petal_length: 4.2, petal_width: 1.5, colour: "blue" },
      { sepal_length: 5, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2, colour: "white" },
      { sepal_length: 6, sepal_width: 3, petal_length: 5.5, petal_width: 2, colour: "teal" },
    ],
  },
  houses: {
    train: ["--data", fixture("houses"), "--target", "Lage", "--ignore", "Nr", "--hidden", "6,4", "--activation", "prelu", "--batch-norm", "--ensemble", "3", "--epochs", "8"],
    rows: [{ Verkauf: "2024-02-29", Fläche: 163.72, Preis: 386487.16 }, { Verkauf: "2025-12-01", Fläche: 80, Preis: 200000 }],
    asTrained: (row) => ({ ...row, Verkauf: german(String(row["Verkauf"])) }),
  },
  passengers: {
    train: ["--data", fixture("passengers"), "--target", "survived", "--missing", "mean", "--hidden", "8", "--activation", "maxout", "--epochs", "5"],
    rows: [
      { age: 32, fare: 60.58, deck: "C", port: "Cherbourg" }, { age: null, fare: 4, deck: null, port: "Southampton" }, { age: 47, fare: null, deck: "Z", port: "Queenstown" },
    ],
  },
  visits: {
    train: ["--target", hostile.target, "--missing", "drop", "--hidden", "8", "--activation", "gelu", "--epochs", "5"], data: visits,
    rows: [
      { at: "2024-02-11T11:45", [hostile.column]: 12.5, constructor: hostile.category }, { at: "2024-08-30T18:00", [hostile.column]: -3, constructor: true },
      { at: "2024-08-30T18:00", [hostile.column]: 80, constructor: 8001 }, { at: "2024-08-30T18:00", [hostile.column]: 80, constructor: "unknown" },
    ],
    asTrained: (row) => ({ ...row, at: german(String(row["at"])) }),
  },
};

/** An image whose samples are those of a function from 0 to 1. */
export const picture = (height: number, width: number, channels: 1 | 3, sample: (x: number, y: number, channel: number) => number): Uint8Array =>
  encode({ width, height, channels, data: Uint8Array.from({ length: height * width * channels }, (_, at) => Math.round(255 * sample(Math.floor(at / channels) % width, Math.floor(at / channels / width), at % channels))) });

/** Images in which a stripe is upright or lies. */
export const stripe = (upright: boolean, place: number, channels: 1 | 3 = 1): Uint8Array => picture(6, 8, channels, (x, y, channel) => ((upright ? x : y) === place ? 1 - channel / 4 : 0.1));

/** Trains the models of some tables, and one of images, in folders of their names. */
export async function trainAll(root: string, names: readonly string[] = Object.keys(tables)): Promise<void> {
  const call = callIn(root);
  const train = async (name: string, ...args: readonly string[]): Promise<void> => {
    const { code, notes } = await call("train", ...args, "--no-compile", "--out", join(root, name), "--quiet");
    if (code !== 0) throw new Error(notes);
  };
  for (const name of names) {
    const table = tables[name];
    const own = join(root, `${name}.jsonl`);
    if (table?.data !== undefined) await writeFile(own, table.data());
    await train(name, ...(table?.train ?? []), ...(table?.data === undefined ? [] : ["--data", own]));
  }
  for (const channels of [1, 3] as const) {
    const folder = join(root, `stripes-${channels}`);
    for (const upright of [true, false]) {
      await mkdir(join(folder, upright ? "upright" : "lying"), { recursive: true });
      for (let at = 0; at < 12; at++) await writeFile(join(folder, upright ? "upright" : "lying", `${at}.png`), stripe(upright, at % 6, channels));
    }
    await train(`images-${channels}`, "--data", folder, "--hidden", "8", "--epochs", "30");
  }
}

/** What `nn-mlp predict` says. */
export interface Predicted {
  readonly prediction: string | null;
  readonly probabilities: Readonly<Record<string, number>> | null;
}

/** What `nn-mlp predict` says about the rows of a table, or about a file of an image. */
export async function predictedBy(root: string, name: string, file?: string): Promise<readonly Predicted[]> {
  const table = tables[name];
  const input = file ?? join(root, `${name}-rows.jsonl`);
  if (file === undefined) await writeFile(input, (table?.rows ?? []).map((row) => `${JSON.stringify(table?.asTrained?.(row) ?? row)}\n`).join(""));
  const { code, out, notes } = await callIn(root)("predict", join(root, name), input, "--json");
  if (code !== 0) throw new Error(notes);
  return out.trimEnd().split("\n").map((line) => JSON.parse(line) as Predicted);
}
