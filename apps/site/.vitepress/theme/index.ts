import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import "katex/dist/katex.min.css";
import "@nn/figures/tokens.css";
import { answerPrograms } from "../../programs/page/programs-of-page.js";
import "../../programs/page/program.css";
import "./site.css";

export default {
  extends: DefaultTheme,
  enhanceApp() {
    // Figures and programs need a browser: the page is written before, and they come to life in it.
    if (import.meta.env.SSR) return;
    void import("./figures.js");
    answerPrograms();
  },
} satisfies Theme;
