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
await setup();
process.exitCode = await attached("vitest", ["run", "--config", "vitest.browser.config.ts", ...args], { NN_BROWSER: browser, NN_BROWSER_PROGRAM: program });
