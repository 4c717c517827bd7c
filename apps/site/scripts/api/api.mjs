// Writes the pages of the API into a folder of pages. They are made again only if the source of a package has changed.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pagesOf } from "./groups.mjs";
import { PageWriter } from "./markdown.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../../..");
const cache = resolve(here, "../../.vitepress/cache/api");

/** Writes `api/` and its list of pages below a folder. */
export async function writeApi(folder) {
  const made = join(cache, stateOf());
  if (!existsSync(made)) {
    rmSync(cache, { recursive: true, force: true });
    await makePages(`${made}.new`);
    cpSync(`${made}.new`, made, { recursive: true });
  }
  rmSync(join(folder, "api"), { recursive: true, force: true });
  cpSync(made, join(folder, "api"), { recursive: true });
}

/** What the pages depend on: the sources of the packages, and these scripts. */
function stateOf() {
  const hash = createHash("sha256");
  const add = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory()) add(join(path, entry.name));
      else hash.update(entry.name).update(readFileSync(join(path, entry.name)));
    }
  };
  add(here);
  for (const name of readdirSync(resolve(root, "packages"))) {
    hash.update(readFileSync(resolve(root, "packages", name, "package.json")));
    add(resolve(root, "packages", name, "src"));
  }
  return hash.digest("hex").slice(0, 16);
}

async function makePages(folder) {
  // TypeDoc takes a second to load, and is not needed if nothing has changed.
  const { readPackages } = await import("./reflections.mjs");
  const entries = (await readPackages()).map((entry) => ({ ...entry, pages: pagesOf(entry) }));
  const places = new Map();
  for (const { name, pages } of entries) {
    for (const { path, declarations } of pages) {
      for (const { reflection } of declarations) places.set(reflection.name, [...(places.get(reflection.name) ?? []), { name, path }]);
    }
  }
  for (const entry of entries) {
    for (const page of entry.pages) {
      // A name that several packages have is first of all that of the own package.
      const writer = new PageWriter((name) => {
        const found = places.get(name);
        const place = found?.find((each) => each.name === entry.name) ?? found?.[0];
        if (place === undefined) return undefined;
        return `${place.path === page.path ? "" : posix.relative(posix.dirname(page.path), place.path).replace(/\.md$/, ".html")}#${name}`;
      });
      write(folder, page.path, pageOf(entry, page, writer));
    }
  }
  write(folder, "index.md", indexOf(entries));
  write(folder, "pages.json", JSON.stringify(entries.map(({ name, specifier, pages }) => ({ name, specifier, pages: pages.map(({ title, path }) => ({ title, path })) }))));
}

function pageOf({ name, specifier, pages }, page, writer) {
  const isFirst = page === pages[0];
  const title = isFirst ? specifier : `${specifier}: ${page.title.toLowerCase()}`;
  const readme = posix.relative(posix.dirname(page.path), `../packages/${name}.md`);
  const namesOf = (declarations) => `${declarations.slice(0, 12).map(({ reflection }) => `\`${reflection.name}\``).join(", ")}${declarations.length > 12 ? ", …" : ""}`;
  const others = isFirst ? pages.slice(1).map(({ title: other, path, declarations }) => `- [${other}](${posix.relative(posix.dirname(page.path), path)}): ${namesOf(declarations)}`) : [];
  return [
    "---\noutline: 2\n---",
    `# ${title}`,
    `What \`import { … } from "${specifier}"\` gives. [The package](${readme}) shows how to use it.`,
    ...(others.length > 0 ? [others.join("\n")] : []),
    ...page.declarations.map(({ reflection }) => writer.declaration(reflection)),
  ].join("\n\n");
}

function indexOf(entries) {
  const lines = entries.map(({ description, specifier, pages: [first, ...others] }) => {
    const parts = others.map(({ title, path }) => `[${title.toLowerCase()}](${path})`).join(", ");
    return `- [\`${specifier}\`](${first.path})${description === undefined ? "" : `: ${description}`}${parts === "" ? "" : `<br>${parts}`}`;
  });
  return `# API\n\nEvery public name of every package, with its types. The [catalogue](../catalogue.md) lists layers, losses, optimizers and metrics with their names in other libraries.\n\n${lines.join("\n")}\n`;
}

function write(folder, path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
