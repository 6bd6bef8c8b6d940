export * from "./deep";
export const core = 1;
