/** What is counted of a window: all of its rows, or those that match. */
export const rowNoun = (filtered: boolean): string => (filtered ? "matching row" : "row");
