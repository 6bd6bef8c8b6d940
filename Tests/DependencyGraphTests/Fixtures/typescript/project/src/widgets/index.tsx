import { Button } from "./Button";
import logo from "./logo.svg";
import View from "./View.vue";
const generic = <T,>(x: T) => x;
const apply = <K extends string>(x: K) => x < "a" ? x : x;
export default function Widgets({ list }: { list: string[] }) {
  return (
    <>
      <p title="it's import('../comment')">Don't `import x from "../comment"` /* here</p>
      {list.map((x) => <Button<string> key={x} icon={require("../lib/icon")} {...x}>{x} isn't {`a ${x}`}</Button>)}
      <br/> http://example.org/*
    </>
  );
}
const late = import("./Late.jsx");
