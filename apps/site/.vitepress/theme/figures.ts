import { defineFigures } from "@nn/figures";

// The figures of a page come to life here: before the rest of the page does, on a page that has any.
defineFigures();
