// npm run test:browser [-- arguments of Vitest]: the tests of vitest.browser.config.ts, in headless Chromium.
import { findChromium, missing } from "./chromium.mjs";
import { attached, setup } from "./steps.mjs";

const chromium = findChromium();
if (chromium === undefined) {
  console.error(missing);
  process.exit(1);
}
await setup();
process.exitCode = await attached("vitest", ["run", "--config", "vitest.browser.config.ts", ...process.argv.slice(2)], { CHROME_BIN: chromium });
