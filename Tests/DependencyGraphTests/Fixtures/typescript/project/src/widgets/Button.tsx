import { useThing } from "..";
export function Button<T>(p: { icon: T }) { return <b>{useThing(p)}</b>; }
