/**
 * Layers as a program in plain JavaScript, without any package.
 *
 * @packageDocumentation
 */

export { toJavaScript } from "./to-javascript.js";
export type { JavaScriptOptions } from "./to-javascript.js";
