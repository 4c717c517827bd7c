// Gathers the pages of the site in `.pages`: its own, and the documents, READMEs and examples of the repository, with their links rewritten.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const site = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const root = resolve(site, "../..");
export const pagesFolder = resolve(site, ".pages");

/** Where each document of the repository lies on the site. All other documents are guides, those named `from-…` for users of other libraries. */
const documents = new Map([
  ...markdownIn("docs").map((name) => [`docs/${name}`, name.startsWith("from-") ? name.replace("-", "/") : `guides/${name}`]),
  ["README.md", "start.md"],
  ["CONTRIBUTING.md", "contributing/index.md"],
  ["docs/architecture.md", "contributing/architecture.md"],
  ["docs/conformance.md", "contributing/conformance.md"],
  ["docs/catalogue.md", "catalogue.md"],
  ["docs/examples.md", "examples/results.md"],
  ["examples/README.md", "examples/index.md"],
  ["benchmarks/README.md", "benchmarks/index.md"],
  ["benchmarks/RESULTS.md", "benchmarks/results.md"],
  ["apps/mlp-classifier/README.md", "guides/mlp-classifier.md"],
  ...markdownIn("docs/contributing").map((name) => [`docs/contributing/${name}`, `contributing/${name}`]),
  ...foldersWithReadme("packages").map((name) => [`packages/${name}/README.md`, `packages/${name}.md`]),
  ...foldersWithReadme("examples").map((name) => [`examples/${name}/README.md`, `examples/${name}.md`]),
].filter(([source]) => existsSync(resolve(root, source))));

function markdownIn(folder) {
  return existsSync(resolve(root, folder)) ? readdirSync(resolve(root, folder)).filter((name) => name.endsWith(".md")) : [];
}

function foldersWithReadme(folder) {
  return readdirSync(resolve(root, folder)).filter((name) => existsSync(resolve(root, folder, name, "README.md"))).toSorted();
}

/** The pages below `.pages` that come from the repository. */
export const gathered = [...documents.values()];

/** Problems with links, which fail the build. */
const problems = [];

/** A link of a document, as a link between pages; `undefined` for a file of the repository that is no page. */
function rewritten(source, target) {
  if (/^([a-z]+:|#)/.test(target)) return target;
  const [path = "", anchor] = target.split("#");
  const file = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, "");
  if (!existsSync(resolve(root, file))) {
    problems.push(`${source}: there is no ${target}`);
    return undefined;
  }
  const page = documents.get(file) ?? documents.get(posix.join(file, "README.md"));
  const here = documents.get(source) ?? source;
  const suffix = anchor === undefined ? "" : `#${anchor}`;
  if (page !== undefined) return `${relativeTo(here, page)}${suffix}`;
  if (/\.(svg|png)$/.test(file)) {
    const copy = posix.join("pictures", file.replace(/^examples\/[^/]+\//, "").replaceAll("/", "-"));
    mkdirSync(resolve(pagesFolder, "pictures"), { recursive: true });
    cpSync(resolve(root, file), resolve(pagesFolder, copy));
    return relativeTo(here, copy);
  }
  return /^examples\/[^/]+\/main\.ts$/.test(file) && posix.dirname(file) === posix.dirname(source) ? "#the-program" : undefined;
}

function relativeTo(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** Fenced code, inline code, and links with their text, which may span lines. */
const piece = /^[ \t]*(`{3,})[^`\n]*\n[\s\S]*?^[ \t]*\1[ \t]*$|`[^`\n]+`|(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/gm;

/** The text of a link that leads to no page. The name of a file or folder is code. */
const unlinked = (label, target) => (posix.basename(target) === label ? `\`${label}\`` : label);

/** A document with its links rewritten. Links to files that are no pages become plain text. */
function page(source) {
  const text = readFileSync(resolve(root, source), "utf8").replace(piece, (all, _fence, image, label, target) => {
    if (target === undefined) return all;
    const link = rewritten(source, target);
    return link === undefined ? unlinked(label, target) : `${image}[${label}](${link})`;
  });
  return `${withPictures(source, text).trimEnd()}\n${programOf(source)}${apiOf(source)}`;
}

/** The list of examples, each part with the pictures of its examples below it. */
function withPictures(source, text) {
  if (source !== "examples/README.md") return text;
  return text.split(/^(?=## )/m).map((part) => {
    const pictures = [...part.matchAll(/^- \[([a-z-]+)\]\(\.\//gm)].flatMap(([, name]) => pictureOf(name));
    return pictures.length === 0 ? part : `${part.trimEnd()}\n\n<div class="gallery">\n\n${pictures.join("\n\n")}\n\n</div>\n\n`;
  }).join("");
}

/** The first picture of an example, as a link to its page. */
function pictureOf(name) {
  const source = `examples/${name}/README.md`;
  const [, label, target] = /!\[([^\]]*)\]\(([^)]+)\)/.exec(readFileSync(resolve(root, source), "utf8")) ?? [];
  return target === undefined ? [] : [`[![${label}](${relativeTo("examples/index.md", posix.join("examples", rewritten(source, target)))})](./${name}.md "${name}")`];
}

/** Where all names of a package are, below its README. */
function apiOf(source) {
  const [, name] = /^packages\/([^/]+)\/README\.md$/.exec(source) ?? [];
  return name === undefined ? "" : `\n[API of @nn/${name}](../api/${name}/index.md): every public name with its types.\n`;
}

/** The program of an example, below its text. */
function programOf(source) {
  const program = resolve(root, dirname(source), "main.ts");
  if (!/^examples\/[^/]+\/README\.md$/.test(source) || !existsSync(program)) return "";
  return `\n## The program\n\n\`\`\`\`ts\n${readFileSync(program, "utf8").trimEnd()}\n\`\`\`\`\n`;
}

/** The pages of the site itself, relative to `.pages`. */
function ownPages(folder = "") {
  return readdirSync(resolve(site, "pages", folder)).flatMap((name) => {
    const path = posix.join(folder, name);
    return statSync(resolve(site, "pages", path)).isDirectory() ? ownPages(path) : [path];
  });
}

/** Writes all pages. Throws if a link of a document leads nowhere. */
export function gatherPages() {
  rmSync(pagesFolder, { recursive: true, force: true });
  for (const path of ownPages()) write(path, readFileSync(resolve(site, "pages", path), "utf8"));
  for (const [source, path] of documents) write(path, page(source));
  if (problems.length > 0) throw new Error(`links that lead nowhere:\n  ${problems.join("\n  ")}`);
}

function write(path, text) {
  const file = join(pagesFolder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
