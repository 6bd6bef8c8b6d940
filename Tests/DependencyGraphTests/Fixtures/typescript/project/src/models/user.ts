import type { Order } from "./order";
import { type Money, type Rate } from "./money";
export class User { orders!: Order[]; rate?: Rate; owed?: Money }
