// node scripts/site.mjs serve | build: serves the site while it is written, or builds it into apps/site/dist.
import { watch } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, createServer } from "vitepress";
import { writeApi } from "./api/api.mjs";
import { problemsOf } from "./check-links.mjs";
import { writeLlms } from "./llms.mjs";
import { gatherPages, ownFolder, pagesFolder, sourceFolders } from "./pages.mjs";
import { placeholder, relocate } from "./relocate.mjs";
import { movedOn } from "./translations.mjs";

const site = fileURLToPath(new URL("..", import.meta.url));
const [command = "build"] = process.argv.slice(2);
let soon;

gatherPages();
await writeApi(pagesFolder);
for (const { page } of movedOn()) console.log(`${page}: its English page has moved on`);

/** Gathers the pages again. An editor may write a file in several steps, of which the last one counts. */
function gatherSoon() {
  clearTimeout(soon);
  soon = setTimeout(() => {
    try {
      gatherPages();
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
    }
  }, 50);
}

if (command === "serve") {
  const server = await createServer(site, { port: 5173 });
  await server.listen();
  server.printUrls();
  watch(ownFolder, { recursive: true }, gatherSoon);
  for (const folder of sourceFolders) watch(folder, gatherSoon);
} else {
  const out = resolve(site, "dist");
  await build(site, { base: placeholder });
  relocate(out);
  writeLlms(pagesFolder, out);
  const { problems, links, pages } = problemsOf(out);
  for (const problem of problems) console.error(problem);
  console.log(`${pages} pages in apps/site/dist, ${links} links checked${problems.length > 0 ? `, ${problems.length} wrong` : ""}`);
  if (problems.length > 0) process.exitCode = 1;
}
