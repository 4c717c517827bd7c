import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";
import { lessons } from "./lessons.js";

type Item = DefaultTheme.SidebarItem;

const pages = fileURLToPath(new URL("../.pages", import.meta.url));
const pagesIn = (folder: string): string[] => readdirSync(`${pages}/${folder}`).filter((name) => name.endsWith(".md") && name !== "index.md").map((name) => name.slice(0, -3)).toSorted();

const capitalised = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll("-", " ")}`.replace(/\b(bert|dqn|gan|mlp|onnx|xor)\b/gi, (word) => word.toUpperCase());

/** Names of pages that are not those of their first heading, nor of their file. */
const titles: Readonly<Record<string, string>> = { "cross-validation": "Cross-validation", "quasi-newton": "Quasi-Newton", "mlp-classifier": "The classifier nn-mlp", pytorch: "PyTorch", keras: "Keras", "tensorflow-js": "TensorFlow.js" };

/** The first heading of a page, without its code marks. */
const headingOf = (folder: string, name: string): string | undefined => /^# (.+)$/m.exec(readFileSync(`${pages}/${folder}/${name}.md`, "utf8"))?.[1]?.replaceAll("`", "");

/** The name of a page beside others: examples have that of their folder, which is short. */
const nameOf = (folder: string, name: string): string => titles[name] ?? (folder === "examples" ? undefined : headingOf(folder, name)) ?? capitalised(name);

/** Pages of a folder: those of the order first, then all others. */
function listed(folder: string, order: readonly string[] = []): Item[] {
  const all = pagesIn(folder);
  return [...order.filter((name) => all.includes(name)), ...all.filter((name) => !order.includes(name))].map((name) => ({ text: nameOf(folder, name), link: `/${folder}/${name}` }));
}

const lessonsOf = (prefix: string, language: "en" | "ko"): Item[] => lessons.map((lesson) => ({ text: `${lesson.number}. ${lesson[language]}`, link: `${prefix}/learn/${lesson.name}` }));

const start: Item = { text: "Start", items: [{ text: "Five minutes", link: "/start" }] };
const learn: Item = { text: "Learn", items: [{ text: "Overview", link: "/learn/" }, ...lessonsOf("", "en"), { text: "Playground", link: "/playground" }] };
const guides: Item = { text: "Guides", items: listed("guides", ["train", "cookbook", "data", "images", "text", "metrics", "search", "dashboard", "debugging", "browser", "extending"]) };
const coming: Item = { text: "Coming from", items: listed("from", ["pytorch", "keras", "tensorflow-js"]) };
const reference: Item = {
  text: "Reference",
  items: [{ text: "Catalogue", link: "/catalogue" }, { text: "Packages", link: "/packages/tensor" }, { text: "API", link: "/api/" }, { text: "Examples", link: "/examples/" }, { text: "Benchmarks", link: "/benchmarks/results" }, { text: "How they are measured", link: "/benchmarks/" }, { text: "Contributing", link: "/contributing/" }],
};

/** An entry of the API with its pages, as `scripts/api` writes them. */
interface ApiEntry {
  readonly specifier: string;
  readonly pages: readonly { readonly title: string; readonly path: string }[];
}

function api(): Item[] {
  const file = `${pages}/api/pages.json`;
  const entries = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly ApiEntry[]) : [];
  const linkTo = (path: string): string => `/api/${path.replace(/(index)?\.md$/, "")}`;
  return entries.map(({ specifier, pages: [first, ...others] }) => ({
    text: specifier,
    link: linkTo(first?.path ?? ""),
    ...(others.length > 0 ? { collapsed: true, items: others.map(({ title, path }) => ({ text: title, link: linkTo(path) })) } : {}),
  }));
}

/** The list beside a page: that of its part of the site. */
export const english: DefaultTheme.Sidebar = {
  "/packages/": [{ text: "Packages", items: pagesIn("packages").map((name) => ({ text: `@nn/${name}`, link: `/packages/${name}` })) }, reference],
  "/api/": [{ text: "API", items: [{ text: "All packages", link: "/api/" }, ...api()] }],
  "/examples/": [{ text: "Examples", items: [{ text: "All examples", link: "/examples/" }, { text: "What they reach", link: "/examples/results" }, ...listed("examples").filter(({ link }) => link !== "/examples/results")] }],
  "/contributing/": [{ text: "Contributing", items: [{ text: "How to contribute", link: "/contributing/" }, ...listed("contributing", ["architecture"])] }],
  "/": [start, learn, guides, coming, reference],
};

export const korean: DefaultTheme.Sidebar = [{ text: "배우기", link: "/ko/learn/", items: lessonsOf("/ko", "ko") }];

/** The parts of the site, at the top of every page. */
export const nav: DefaultTheme.NavItem[] = [
  { text: "Start", link: "/start" },
  { text: "Learn", link: "/learn/" },
  { text: "Playground", link: "/playground" },
  { text: "Guides", link: "/guides/train", activeMatch: "^/guides/" },
  { text: "API", link: "/api/", activeMatch: "^/api/" },
  { text: "Examples", link: "/examples/" },
  {
    text: "More",
    activeMatch: "^/(from|packages|benchmarks|contributing)/|^/catalogue",
    items: [
      { text: "Coming from PyTorch", link: "/from/pytorch" }, { text: "Coming from Keras", link: "/from/keras" }, { text: "Coming from TensorFlow.js", link: "/from/tensorflow-js" },
      { text: "Catalogue", link: "/catalogue" }, { text: "Packages", link: "/packages/tensor" }, { text: "Benchmarks", link: "/benchmarks/results" }, { text: "Contributing", link: "/contributing/" },
    ],
  },
];
