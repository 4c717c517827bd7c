import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadData } from "../../src/data/load.js";
import { parquetColumns } from "../../src/data/parquet-columns.js";
import { mergeSettings } from "../../src/settings/merge.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const fixture = async (name: string): Promise<Uint8Array> => readFile(fileURLToPath(new URL(`../../../../packages/data/test/parquet/fixtures/${name}.parquet`, import.meta.url)));

describe("Parquet files", () => {
  test("are read like the same table in CSV", async () => {
    const { names, columns, lines, unit } = await parquetColumns("flowers.parquet", await fixture("flowers"));
    expect({ names, columns, lines, unit }).toEqual({
      names: ["species", "width", "petals"], lines: [1, 2, 3, 4, 5], unit: "record",
      columns: [["iris", "rose", "", "iris", "rose"], ["1.5", "2.25", "3", "", "-0.5"], ["3", "5", "5", "3", "6"]],
    });
  });

  test("are told by their first bytes, and trained on", async () => {
    const path = join(root, "rows.data");
    await writeFile(path, await fixture("many-rows"));
    await expect(loadData(mergeSettings({ data: path }))).rejects.toThrow("rows.data is a Parquet file: name the column that holds the class with --target; it has index, noise");
    await expect(loadData(mergeSettings({ data: path, target: "index", skipLines: 2 }))).rejects.toThrow("--skip-lines applies to CSV files only, but");
  });

  test("are refused with the column that a table cannot hold, or as damaged", async () => {
    await expect(parquetColumns("photos.parquet", await fixture("photos"))).rejects.toThrow('photos.parquet, column "image.bytes": BYTE_ARRAY holds bytes, which a table cannot; write the file without this column');
    await expect(parquetColumns("x.parquet", (await fixture("flowers")).subarray(0, 100))).rejects.toThrow("x.parquet: readParquet cannot read it as Parquet");
  });
});
