// Gathers the pages of the site in `.pages`: its own, and the documents, READMEs and examples of the repository, with their links rewritten.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
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
  ["apps/site/README.md", "contributing/site.md"],
  ["tests/reference/README.md", "contributing/reference-vectors.md"],
  ["tests/reference/models/README.md", "contributing/model-reference.md"],
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

/** Folders of the repository that are a part of the site in another form. */
const parts = new Map([["apps/site", "learn/index.md"]]);

/** The folders whose files pages are made of. */
export const sourceFolders = [...new Set([...documents.keys()].map((source) => resolve(root, dirname(source))))];
export const ownFolder = resolve(site, "pages");

/** Problems with links, which fail the build. */
const problems = [];

/** The pictures of pages: the path of each below `.pages`, and its file. */
const pictures = new Map();

/** A link of a document, as a link between pages; `undefined` for a file of the repository that is no page. */
function rewritten(source, target) {
  if (/^([a-z]+:|#)/.test(target)) return target;
  const [path = "", anchor] = target.split("#");
  const file = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, "");
  if (!existsSync(resolve(root, file))) {
    problems.push(`${source}: there is no ${target}`);
    return undefined;
  }
  const page = pageAt(file);
  const here = documents.get(source) ?? source;
  const suffix = anchor === undefined ? "" : `#${anchor}`;
  if (page !== undefined) return `${relativeTo(here, page)}${suffix}`;
  if (/\.(svg|png)$/.test(file)) {
    const copy = posix.join("pictures", file.replace(/^examples\/[^/]+\//, "").replaceAll("/", "-"));
    pictures.set(copy, resolve(root, file));
    return relativeTo(here, copy);
  }
  return /^examples\/[^/]+\/main\.ts$/.test(file) && posix.dirname(file) === posix.dirname(source) ? "#the-program" : undefined;
}

/** The page that a file or folder of the repository is on. */
const pageAt = (file) => documents.get(file) ?? documents.get(posix.join(file, "README.md")) ?? parts.get(file);

function relativeTo(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** Fenced code, inline code, and links with their text, which may span lines. */
const piece = /^[ \t]*(`{3,})[^`\n]*\n[\s\S]*?^[ \t]*\1[ \t]*$|`[^`\n]+`|(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/gm;

/** The text of a link that leads to no page. The name or path of a file or folder is code. */
const unlinked = (label, target) => (posix.basename(target) === label || /^[\w@.-]+\/[\w@./-]+$/.test(label) ? `\`${label}\`` : label);

/** The first heading of a page. */
function titleOf(path) {
  const [source = posix.join("apps/site/pages", path)] = [...documents].find(([, page]) => page === path) ?? [];
  return /^# (.+)$/m.exec(readFileSync(resolve(root, source), "utf8"))?.[1] ?? path;
}

/** The text of a link to a page: where a document names a file, a reader of the site sees the title of its page. */
function linked(source, label, target) {
  const page = pageAt(posix.normalize(posix.join(posix.dirname(source), target.replace(/#.*$/, ""))));
  const namesFile = label.endsWith(".md") || label === "README" || parts.has(label);
  if (page === undefined) return label;
  // Here a README is a page.
  return namesFile ? titleOf(page) : label.replace(/\bREADME(?=s?\b)/, "page");
}

/** A document with its links rewritten. Links to files that are no pages become plain text. */
function page(source) {
  const text = readFileSync(resolve(root, source), "utf8").replace(piece, (all, _fence, image, label, target) => {
    if (target === undefined) return all;
    const link = rewritten(source, target);
    return link === undefined ? unlinked(label, target) : `${image}[${linked(source, label, target)}](${link})`;
  });
  return `${withPictures(source, withWidths(source, text)).trimEnd()}\n${programOf(source)}${apiOf(source)}`;
}

/** Below which part of their width wide pictures are not drawn: their text would be too small to be read. */
const smallest = 0.53;
/** Pictures that are no wider are never that small. */
const narrow = 700;

/** Pictures of charts and of pages as wide as they are drawn; those that are wide scroll where there is less room. Images without text fill the page. */
function withWidths(source, text) {
  return text.replace(/^!\[[^\]]*\]\(([^)\s]+)\)$/gm, (all, link) => {
    const file = pictures.get(posix.join(posix.dirname(documents.get(source) ?? source), link));
    const width = file === undefined ? undefined : widthOf(file);
    if (width === undefined) return all;
    if (width <= narrow) return `${all}{width=${width}}`;
    return `<div class="picture" tabindex="0">\n\n${all}{width=${width} style="min-width: ${Math.round(smallest * width)}px"}\n\n</div>`;
  });
}

/** The width of a picture with text, in pixels. */
function widthOf(file) {
  if (file.endsWith(".svg")) return Math.round(Number(/viewBox="0 0 ([\d.]+)/.exec(readFileSync(file, "utf8"))?.[1] ?? NaN)) || undefined;
  // The header of a PNG file has it. Other images are pixels of a data set.
  return dirname(file) === resolve(root, "docs") ? readFileSync(file).readUInt32BE(16) : undefined;
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
  return readdirSync(resolve(ownFolder, folder)).flatMap((name) => {
    const path = posix.join(folder, name);
    return statSync(resolve(ownFolder, path)).isDirectory() ? ownPages(path) : [path];
  });
}

/** Writes all pages, and removes those that are no longer there. What has not changed is not written again. Throws if a link of a document leads nowhere. */
export function gatherPages() {
  problems.length = 0;
  pictures.clear();
  const files = new Map(ownPages().map((path) => [path, readFileSync(resolve(ownFolder, path))]));
  for (const [source, path] of documents) files.set(path, Buffer.from(page(source)));
  for (const [path, file] of pictures) files.set(path, readFileSync(file));
  if (problems.length > 0) throw new Error(`links that lead nowhere:\n  ${problems.join("\n  ")}`);
  for (const path of writtenPages()) if (!files.has(path)) rmSync(join(pagesFolder, path));
  for (const [path, content] of files) write(path, content);
}

/** What was written before, but for the API. */
function writtenPages() {
  if (!existsSync(pagesFolder)) return [];
  const entries = readdirSync(pagesFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(pagesFolder, join(parentPath, name)).split(sep).join("/")).filter((path) => !path.startsWith("api/"));
}

function write(path, content) {
  const file = join(pagesFolder, path);
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
