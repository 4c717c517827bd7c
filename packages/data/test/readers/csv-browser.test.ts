import { expect, it, vi } from "vitest";
import { readCsv } from "../../src/index.js";

vi.mock("#csv-parse", () => import("csv-parse/browser/esm"));

it("reads CSV with the parser's build for browsers", async () => {
  async function* chunks(): AsyncGenerator<string> {
    for (const piece of ['a,b\n"x ""y', '""\n', 'z",1\n', "w,2"]) yield piece;
  }
  const table = await readCsv(chunks());
  expect([...table]).toEqual([{ a: 'x "y"\nz', b: 1 }, { a: "w", b: 2 }]);
  await expect(readCsv('a,b\n1,2\n3,"4\n')).rejects.toThrow("line 3: a quoted field of the record that begins here is not closed");
  await expect(readCsv("a,b\n1,2\n3\n")).rejects.toThrow("line 3: the record has 1 field; expected 2");
  const long = `a,b\n${"1,2\n".repeat(100_000)}`;
  expect((await readCsv(long)).length).toBe(100_000);
});
