/** How many runs a page shows at once. */
export const mostRuns = 50;
