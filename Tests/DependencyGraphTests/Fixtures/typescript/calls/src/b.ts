const w = new Worker(new URL("./worker.js", import.meta.url));
const i = new URL("image.svg", import.meta.url);
const u = new URL("./none.ts", location.href);
const e = new URL("https://example.com/worker.ts", import.meta.url);
