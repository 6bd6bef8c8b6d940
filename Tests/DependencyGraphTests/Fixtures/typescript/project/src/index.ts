export const useThing = (x: unknown) => x;
