import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isTensor, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { fromOnnx, loadOnnx, OnnxError } from "../../src/index.js";

/** A tensor as it was recorded, and a file with what is expected of it. */
interface Recorded {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}
interface Entry {
  readonly file: string;
  readonly verdict: "run" | "refuse" | "run-or-refuse";
  readonly note: string;
  readonly cases?: readonly { readonly inputs: Readonly<Record<string, Recorded>>; readonly outputs: Readonly<Record<string, Recorded>> }[];
}

const folder = fileURLToPath(new URL("../../../../tests/reference/models/onnx/", import.meta.url));
const entries = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as readonly Entry[];
const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)));
const dtypes: Readonly<Record<string, "float32" | "float64" | "int32" | "bool">> = { float32: "float32", float64: "float64", int64: "int32", int32: "int32", bool: "bool" };
const toTensor = ({ dtype, shape, data }: Recorded): Tensor => tensor(data.map(Number), { shape, dtype: "float64" }).cast(dtypes[dtype] ?? "float32");

/** The elements of an output that are farther away than rtol 1e-4, atol 1e-5. */
function wrong(found: Tensor | undefined, { shape, data }: Recorded): readonly unknown[] {
  if (!isTensor(found) || found.shape.join() !== shape.join()) return [found?.shape];
  const values = Array.from(found.toTypedArray(), Number);
  return data.flatMap((each, at) => {
    const [got, want] = [values[at] ?? Number.NaN, Number(each)];
    return Object.is(got, want) || got === want || Math.abs(got - want) <= 1e-5 + 1e-4 * Math.abs(want) ? [] : [[at, got, want]];
  });
}

describe("files that run", () => {
  it.each(entries.filter(({ verdict }) => verdict === "run").map((entry) => [entry.file, entry.cases ?? []] as const))("%s", async (file, cases) => {
    for (const model of [fromOnnx(bytesOf(file)), await loadOnnx(join(folder, file))]) {
      expect(cases.length).toBeGreaterThan(0);
      for (const { inputs, outputs } of cases) {
        const found = model.run(Object.fromEntries(Object.entries(inputs).map(([name, each]) => [name, toTensor(each)])));
        expect(Object.keys(found)).toEqual(Object.keys(outputs));
        for (const [name, each] of Object.entries(outputs)) expect([name, wrong(found[name], each)]).toEqual([name, []]);
      }
    }
  });
});

describe("files that are refused", () => {
  it("each with its reason", () => {
    const refused = entries.filter(({ verdict }) => verdict !== "run");
    const reasons = refused.map(({ file }) => {
      try {
        fromOnnx(bytesOf(file));
        return `${file}: READ`;
      } catch (error) {
        return `${file}: ${error instanceof OnnxError ? error.message : String(error)}`;
      }
    });
    expect(reasons).toMatchSnapshot();
  });
});
