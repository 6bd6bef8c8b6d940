/// <reference path="./lib/global.d.ts" />
import "./lib/side";
import def, { util } from "@/lib/util";
import * as models from "@models";
import type from "./lib/lazy.mjs";
import data from "./lib/data.json" with { type: "json" };
import { main } from "#config";
import { util as other } from "#lib/util";
import { hello } from "./messages";
import { util as both } from "both/util";
import plain from "src/models/money";
import { core, deep } from "@acme/core";
import inner from "@acme/core/inner";
import shut from "@acme/core/secret/key";
import built from "built";
import { beside } from "beside";
import external from "react";

declare module "./models/user" { interface User { extra: string } }

type T = import("./models/tax").tax;
type U = typeof import("./lib/old.cjs");
// import commented from "./comment";
/* require("./comment") */
const text = "import x from './comment'";
const pattern = /import y from ".\/comment"/;
const quotient = 4 / 2; const half = (1 + 2) / 3; // "
const template = `import "./comment" ${`nested ${require("./lib/inside")} deeper`} export * from "./comment"`;
const loader = async () => (await import("./widgets")).default;
const named = await import(/* webpackChunkName: "x" */ `./lib/backtick`);
const computed = import("./comment" + text);
const obj = { import: "./comment", require: 1, from: "./comment" };
obj.require("./comment");
export { obj as from };
export default def;
