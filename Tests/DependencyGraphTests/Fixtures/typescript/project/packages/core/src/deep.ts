import { core } from "@acme/core";
export const deep = () => core;
