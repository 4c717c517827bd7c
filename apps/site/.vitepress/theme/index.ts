import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import "katex/dist/katex.min.css";
import "@nn/figures/tokens.css";
import "./site.css";

export default {
  extends: DefaultTheme,
  enhanceApp() {
    // The figures need a browser: the page is written before, and they come to life in it.
    if (!import.meta.env.SSR) void import("@nn/figures").then(({ defineFigures }) => defineFigures());
  },
} satisfies Theme;
