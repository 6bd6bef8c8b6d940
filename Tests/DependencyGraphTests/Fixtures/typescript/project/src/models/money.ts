export type Money = number;
export type Rate = number;
export const round = (x: number): Money => x;
