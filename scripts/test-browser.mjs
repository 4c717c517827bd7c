// npm run test:browser [-- --browser firefox] [-- arguments of Vitest]: the tests of vitest.browser.config.ts, in headless Chromium or another browser.
import { browsers, findBrowser, missing } from "./browsers.mjs";
import { attached, setup } from "./steps.mjs";

const args = process.argv.slice(2);
const at = args.indexOf("--browser");
const [, browser = "chromium"] = at < 0 ? [] : args.splice(at, 2);
if (!Object.hasOwn(browsers, browser)) {
  console.error(`--browser is ${browser}, expected ${Object.keys(browsers).join(", ")}`);
  process.exit(1);
}
const program = findBrowser(browser);
if (program === undefined) {
  console.error(missing(browser));
  process.exit(1);
}
/** A page keeps the memory of all files that it has run, and ends when there are too many: the whole suite takes several browsers, one after another. */
const shards = args.length === 0 && browser !== "webkit" ? 4 : 1;

await setup();
process.exitCode = 0;
for (let shard = 1; shard <= shards; shard++) {
  const part = shards === 1 ? [] : [`--shard=${shard}/${shards}`];
  const code = await attached("vitest", ["run", "--config", "vitest.browser.config.ts", ...part, ...args], { NN_BROWSER: browser, NN_BROWSER_PROGRAM: program });
  if (code !== 0) process.exitCode = code;
}
