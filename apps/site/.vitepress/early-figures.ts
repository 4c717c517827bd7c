import { fileURLToPath } from "node:url";
import type { HeadConfig, UserConfig } from "vitepress";

type VitePlugin = Extract<NonNullable<NonNullable<UserConfig["vite"]>["plugins"]>[number], { readonly name: string }>;

/** A file of the build, and the files that it imports. */
interface BuiltFile {
  readonly name: string;
  readonly imports: readonly string[];
}

/** A page that is written: its HTML, where the site lies, and what its head has already. */
interface Page {
  readonly content: string;
  readonly siteData: { readonly base: string };
  readonly head: readonly HeadConfig[];
}

/** What makes the figures of a page begin while its HTML is read, and not when the rest of the page has come to life. */
export interface EarlyFigures {
  /** Builds the script that brings figures to life, and notes in which files figures are. */
  readonly plugin: VitePlugin;
  /** The files of the figures in a page, for its head. */
  readonly head: (page: Page) => HeadConfig[];
  /** The page with the script. It follows what VitePress writes of the site: scripts of the page read that. */
  readonly withScript: (html: string, page: Page) => string;
}

const script = fileURLToPath(new URL("theme/figures.ts", import.meta.url));

export function earlyFigures(): EarlyFigures {
  let isForServer = false;
  let entry = "";
  let playgroundWorker = "";
  const built = new Map<string, BuiltFile>();
  const plugin: VitePlugin = {
    name: "early-figures",
    apply: "build",
    configResolved(config) {
      isForServer = config.build.ssr !== false;
    },
    buildStart() {
      if (!isForServer) this.emitFile({ type: "chunk", id: script });
    },
    // Workers are written last.
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        if (isForServer) return;
        for (const each of Object.values(bundle)) {
          if (/\/playground-worker-[^/]*\.js$/.test(each.fileName)) playgroundWorker = each.fileName;
          if (each.type !== "chunk") continue;
          built.set(each.fileName, { name: each.name, imports: each.imports });
          if (each.facadeModuleId === script) entry = each.fileName;
        }
      },
    },
  };

  /** Adds a file and all that it imports. */
  const add = (file: string, to: Set<string>): void => {
    if (to.has(file)) return;
    to.add(file);
    for (const each of built.get(file)?.imports ?? []) add(each, to);
  };
  const fileOf = (element: string): string => {
    // The chunk of an element has the name of its module.
    const [found] = [...built].find(([, { name }]) => name === `${element}-element`) ?? [];
    if (found === undefined) throw new Error(`there is no file for nn-${element}`);
    return found;
  };

  const elementsOf = ({ content }: Page): ReadonlySet<string> => new Set([...content.matchAll(/<nn-([a-z-]+)/g)].map(([, name = ""]) => name));

  function head(page: Page): HeadConfig[] {
    const elements = elementsOf(page);
    if (elements.size === 0) return [];
    const needed = new Set<string>();
    for (const file of [entry, ...[...elements].map(fileOf)]) add(file, needed);
    const known = new Set(page.head.map(([, attributes]) => attributes?.["href"]));
    return [...needed].map((file) => page.siteData.base + file).filter((href) => !known.has(href)).map((href) => ["link", { rel: "modulepreload", href }]);
  }

  function withScript(html: string, page: Page): string {
    const elements = elementsOf(page);
    if (elements.size === 0) return html;
    const figures = html.replace("</body>", `<script type="module" async src="${page.siteData.base}${entry}"></script></body>`);
    return elements.has("playground") ? playgroundFirst(figures, page.siteData.base + playgroundWorker) : figures;
  }
  return { plugin, head, withScript };
}

/**
 * Puts the playground before the rest of its page. Its worker starts as the page begins, before any style sheet, and computes the first picture while the page is read; one that fails is left to the
 * figure, which says why. The rest of the page comes to life when the figure shows something, or after a second.
 */
function playgroundFirst(html: string, worker: string): string {
  const start = `<script>(nnPlaygroundWorker=new Worker(${JSON.stringify(worker)},{type:"module",name:location.search||"?"})).onerror=()=>{nnPlaygroundWorker=undefined}</script>`;
  const [tag, app] = /<script type="module" src="([^"]*\/app\.[^"]*)"><\/script>/.exec(html) ?? [];
  if (tag === undefined || app === undefined) throw new Error("the page has no script of VitePress");
  const later = `
    const begin = () => import(${JSON.stringify(app)});
    setTimeout(begin, 1000);
    new MutationObserver((_, observer) => {
      if (document.querySelector('nn-playground-figure[aria-busy="false"]') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(begin));
    }).observe(document.body, { subtree: true, attributeFilter: ["aria-busy"] });`;
  return html.replace("<head>", `<head>${start}`).replace(tag, `<link rel="modulepreload" href="${app}">`).replace("</body>", `<script type="module">${later}</script></body>`);
}
