import "uplot/dist/uPlot.min.css";
import "./page.css";
import { DashboardElement } from "./dashboard-element.js";
import { ChartElement } from "./chart-element.js";

customElements.define("nn-chart", ChartElement);
customElements.define("nn-dashboard", DashboardElement);
