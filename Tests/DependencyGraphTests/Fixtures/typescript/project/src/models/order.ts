import { User } from "./user";
import { type Money, round } from "./money";
export class Order { owner?: User; total: Money = round(1); }
export type Line = string;
