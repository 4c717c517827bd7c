// Writes `llms.txt`, the list of pages for language models (llmstxt.org), and the Markdown of each page beside it.
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

function pagesOf(folder, below = "") {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = posix.join(below, name);
    return statSync(join(folder, path)).isDirectory() ? pagesOf(folder, path) : path.endsWith(".md") ? [path] : [];
  });
}

/** Headings of the list, by the folder of a page. */
const sections = [["", "Start"], ["learn", "Learn"], ["guides", "Guides"], ["from", "Coming from other libraries"], ["packages", "Packages"], ["api", "API"], ["examples", "Examples"], ["benchmarks", "Benchmarks"], ["contributing", "Contributing"], ["ko", "한국어"]];

export function writeLlms(pages, out) {
  const all = pagesOf(pages).map((path) => ({ path, title: /^# (.+)$/m.exec(readFileSync(join(pages, path), "utf8"))?.[1] ?? /^ {2}name: (.+)$/m.exec(readFileSync(join(pages, path), "utf8"))?.[1] ?? path }));
  const lines = sections.flatMap(([folder, heading]) => {
    const own = all.filter(({ path }) => (path.includes("/") ? path.split("/")[0] : "") === folder);
    return own.length === 0 ? [] : [`## ${heading}`, "", ...own.map(({ path, title }) => `- [${title}](${path})`), ""];
  });
  writeFileSync(join(out, "llms.txt"), `# nn\n\n> A deep-learning library in TypeScript: small packages that train neural networks in Node and in browsers.\n\n${lines.join("\n")}`);
  for (const { path } of all) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    cpSync(join(pages, path), join(out, path));
  }
}
