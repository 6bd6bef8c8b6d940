/// <reference path="types.d.ts" />
/// <reference types="node" />
declare module "*.svg" { const url: string; export default url; }
