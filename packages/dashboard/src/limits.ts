/** The largest number of runs that a page shows at once. */
export const mostRuns = 50;
