import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type DefaultTheme } from "vitepress";
import { formulas } from "./formulas.js";
import { lessons } from "./lessons.js";

const pages = fileURLToPath(new URL("../.pages", import.meta.url));
const pagesIn = (folder: string): string[] => readdirSync(`${pages}/${folder}`).filter((name) => name.endsWith(".md") && name !== "index.md").map((name) => name.slice(0, -3)).toSorted();

const listed = (prefix: string, language: "en" | "ko"): DefaultTheme.SidebarItem[] => lessons.map((lesson) => ({ text: `${lesson.number}. ${lesson[language]}`, link: `${prefix}/learn/${lesson.name}` }));

const capitalised = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll("-", " ")}`;

/** Titles of guides whose file names do not say enough. */
const titles: Readonly<Record<string, string>> = { train: "Training", search: "Hyperparameter search", "mlp-classifier": "The classifier", pytorch: "PyTorch", keras: "Keras", "tensorflow-js": "TensorFlow.js" };
const guides = pagesIn("guides").map((name) => ({ text: titles[name] ?? capitalised(name), link: `/guides/${name}` }));

const learn: DefaultTheme.SidebarItem = { text: "Learn", items: [{ text: "Overview", link: "/learn/" }, ...listed("", "en")] };
const coming: DefaultTheme.SidebarItem = { text: "Coming from…", items: pagesIn("from").map((name) => ({ text: titles[name] ?? capitalised(name), link: `/from/${name}` })) };
const reference: DefaultTheme.SidebarItem = { text: "Reference", items: [{ text: "Catalogue", link: "/catalogue" }, { text: "Packages", link: "/packages/tensor" }, { text: "Examples", link: "/examples/" }, { text: "Benchmarks", link: "/benchmarks/results" }, { text: "Contributing", link: "/contributing/" }] };
const start: DefaultTheme.SidebarItem = { text: "Start", items: [{ text: "Five minutes", link: "/start" }] };

/** The list beside a page: that of its part of the site. */
const english: DefaultTheme.Sidebar = {
  "/packages/": [{ text: "Packages", items: pagesIn("packages").map((name) => ({ text: `@nn/${name}`, link: `/packages/${name}` })) }, reference],
  "/examples/": [{ text: "Examples", items: [{ text: "All examples", link: "/examples/" }, { text: "What they reach", link: "/examples/results" }, ...pagesIn("examples").filter((name) => name !== "results").map((name) => ({ text: capitalised(name), link: `/examples/${name}` }))] }],
  "/contributing/": [{ text: "Contributing", items: [{ text: "How to contribute", link: "/contributing/" }, ...pagesIn("contributing").map((name) => ({ text: capitalised(name), link: `/contributing/${name}` }))] }],
  "/": [start, learn, { text: "Guides", items: guides }, coming, reference],
};

const korean: DefaultTheme.Sidebar = [{ text: "배우기", link: "/ko/learn/", items: listed("/ko", "ko") }];

/** Words of a text in any language: Korean has no spaces between a noun and its particle, but a search for the noun finds what begins with it. */
const tokenize = (text: string): string[] => [...new Intl.Segmenter("ko", { granularity: "word" }).segment(text)].flatMap(({ segment, isWordLike }) => (isWordLike === true ? [segment] : []));

/** The anchor of a heading, as GitHub makes it, where the documents are read too. */
const slugify = (heading: string): string => heading.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, "").replace(/\s/g, "-");

export default defineConfig({
  title: "nn",
  description: "A deep-learning library in TypeScript",
  srcDir: ".pages",
  outDir: "dist",
  cacheDir: ".vitepress/cache",
  appearance: true,
  lastUpdated: false,
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: { theme: { light: "github-light-high-contrast", dark: "github-dark-default" }, config: (markdown) => formulas(markdown), anchor: { slugify } },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("nn-") } } },
  vite: {
    resolve: { conditions: ["@nn/source"] },
    worker: { format: "es" },
    build: { chunkSizeWarningLimit: 1000 },
  },
  locales: {
    root: { label: "English", lang: "en", themeConfig: { nav: [{ text: "Start", link: "/start" }, { text: "Learn", link: "/learn/" }, { text: "Playground", link: "/playground" }, { text: "Packages", link: "/packages/tensor" }, { text: "Examples", link: "/examples/" }], sidebar: english } },
    ko: {
      label: "한국어", lang: "ko", description: "타입스크립트로 만든 딥러닝 라이브러리",
      themeConfig: {
        nav: [{ text: "배우기", link: "/ko/learn/" }, { text: "놀이터", link: "/ko/playground" }], sidebar: korean, outline: { label: "이 페이지" }, docFooter: { prev: "이전", next: "다음" },
        darkModeSwitchLabel: "어두운 화면", sidebarMenuLabel: "목차", returnToTopLabel: "맨 위로", langMenuLabel: "언어", lightModeSwitchTitle: "밝은 화면으로", darkModeSwitchTitle: "어두운 화면으로",
      },
    },
  },
  themeConfig: {
    externalLinkIcon: true,
    i18nRouting: false,
    search: {
      provider: "local",
      options: {
        miniSearch: { options: { tokenize }, searchOptions: { prefix: true, fuzzy: 0.15 } },
        locales: { ko: { translations: { button: { buttonText: "찾기", buttonAriaLabel: "찾기" }, modal: { noResultsText: "결과 없음", resetButtonTitle: "지우기", displayDetails: "자세히", backButtonTitle: "닫기", footer: { selectText: "선택", navigateText: "이동", closeText: "닫기" } } } } },
      },
    },
  },
});
