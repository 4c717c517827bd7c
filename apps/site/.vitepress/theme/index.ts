import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import "katex/dist/katex.min.css";
import "@nn/figures/tokens.css";
import { answerPrograms } from "../../programs/page/programs-of-page.js";
import "../../programs/page/program.css";
import "./site.css";

/** Scrolls the list beside the page, and only it, to the entry of the page. */
function showPlaceInSidebar(): void {
  const sidebar = document.querySelector(".VPSidebar");
  const entry = [...document.querySelectorAll(".VPSidebar .is-active.is-link")].at(-1);
  if (sidebar === null || entry === undefined) return;
  const [{ top, height }, place] = [sidebar.getBoundingClientRect(), entry.getBoundingClientRect()];
  if (place.top < top || place.bottom > top + height) sidebar.scrollTop += place.top - top - height / 3;
}

export default {
  extends: DefaultTheme,
  enhanceApp({ router }) {
    // Figures and programs need a browser: the page is written before, and they come to life in it.
    if (import.meta.env.SSR) return;
    router.onAfterRouteChange = () => void setTimeout(showPlaceInSidebar);
    void import("./figures.js");
    answerPrograms();
  },
} satisfies Theme;
