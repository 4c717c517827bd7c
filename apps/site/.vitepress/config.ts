import type { IncomingMessage, ServerResponse } from "node:http";
import { defineConfig } from "vitepress";
import { bundlePackages } from "../programs/build/packages.js";
import { runButtons, type Programs } from "../programs/build/fences.js";
import { servePrograms, writePrograms } from "../programs/build/files.js";
import { divideInlineCode } from "./inline-code.js";
import { earlyFigures } from "./early-figures.js";
import { formulas } from "./formulas.js";
import { wholeWords } from "./korean.js";
import { wholeNumbers } from "./numbers.js";
import { english, korean, nav } from "./navigation.js";

const early = earlyFigures();
const packages = await bundlePackages();
const programs: Programs = { runnable: new Map(), others: new Map() };

/** Words of a text in any language: Korean has no spaces between a noun and its particle, but a search for the noun finds what begins with it. */
const tokenize = (text: string): string[] => [...new Intl.Segmenter("ko", { granularity: "word" }).segment(text)].flatMap(({ segment, isWordLike }) => (isWordLike === true ? [segment] : []));

/** The anchor of a heading, as GitHub makes it, where the documents are read too. */
const slugify = (heading: string): string => heading.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, "").replace(/\s/g, "-");

/**
 * What the search knows of a page: its text, and its code without colours. Of a page of the API only the names: the rest is large, and would stand
 * before the pages that explain.
 */
function searched(source: string, environment: { readonly relativePath: string }, markdown: { render(text: string, environment: object): string }): string {
  const isApi = environment.relativePath.startsWith("api/");
  return markdown.render(isApi ? source.replace(/^(?!#{1,2} ).*$/gm, "") : source.replace(/^([ \t]*`{3,}).*$/gm, "$1"), environment);
}

/** Pages that the development server sends have no head at first, so browsers ask for an icon. */
const withoutIcon = {
  name: "without-icon",
  configureServer({ middlewares }: { readonly middlewares: { use(route: string, answer: (request: IncomingMessage, response: ServerResponse) => void): unknown } }): void {
    middlewares.use("/favicon.ico", (_, response) => void response.writeHead(204).end());
  },
};

export default defineConfig({
  title: "nn",
  description: "A deep-learning library in TypeScript",
  srcDir: ".pages",
  outDir: "dist",
  cacheDir: ".vitepress/cache",
  appearance: true,
  lastUpdated: false,
  // Pages behind links would be fetched while a figure waits for its program.
  router: { prefetchLinks: false },
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-default" },
    config: (markdown) => {
      formulas(markdown);
      wholeWords(markdown);
      wholeNumbers(markdown);
      divideInlineCode(markdown);
      runButtons(markdown, packages, programs);
    },
    anchor: { slugify },
    image: { lazyLoading: true },
  },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("nn-") } } },
  vite: {
    resolve: { conditions: ["@nn/source"] },
    plugins: [servePrograms(programs, packages), withoutIcon, early.plugin],
    worker: { format: "es" },
    // Private fields of older targets are maps: larger, and slow in a training.
    build: { target: "es2022", chunkSizeWarningLimit: 2000 },
  },
  transformHead: early.head,
  transformHtml: (html, _, page) => early.withScript(html, page),
  buildEnd: ({ outDir }) => writePrograms(`${outDir}/run`, programs, packages),
  locales: {
    root: { label: "English", lang: "en", themeConfig: { nav, sidebar: english } },
    ko: {
      label: "한국어", lang: "ko", description: "타입스크립트로 만든 딥러닝 라이브러리",
      themeConfig: {
        nav: [{ text: "배우기", link: "/ko/learn/" }, { text: "놀이터", link: "/ko/playground" }], sidebar: korean, outline: { label: "이 페이지" }, docFooter: { prev: "이전", next: "다음" },
        darkModeSwitchLabel: "어두운 화면", sidebarMenuLabel: "목차", returnToTopLabel: "맨 위로",
        notFound: { title: "페이지가 없습니다", quote: "이 주소에는 페이지가 없습니다. 위의 찾기를 쓰거나 처음부터 시작해 보세요.", linkText: "처음으로", linkLabel: "처음으로" }, langMenuLabel: "언어", lightModeSwitchTitle: "밝은 화면으로", darkModeSwitchTitle: "어두운 화면으로",
      },
    },
  },
  themeConfig: {
    externalLinkIcon: true,
    notFound: { title: "Page not found", quote: "There is no page at this address. Search above, or begin at the start.", linkText: "To the start", linkLabel: "To the start" },
    i18nRouting: false,
    search: {
      provider: "local",
      options: {
        _render: searched,
        miniSearch: { options: { tokenize }, searchOptions: { prefix: true, fuzzy: 0.15 } },
        locales: { ko: { translations: { button: { buttonText: "찾기", buttonAriaLabel: "찾기" }, modal: { noResultsText: "결과 없음", resetButtonTitle: "지우기", displayDetails: "자세히", backButtonTitle: "닫기", footer: { selectText: "선택", navigateText: "이동", closeText: "닫기" } } } } },
      },
    },
  },
});
