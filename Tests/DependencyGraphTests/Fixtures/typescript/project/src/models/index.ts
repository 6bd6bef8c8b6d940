export * from "./user";
export { Order as default, type Line } from "./order.js";
export type { Money } from "./money";
export * as tax from "./tax";
