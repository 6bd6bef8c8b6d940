const p = require.resolve("./res.js");
const q = import.meta.resolve("./res2");
const x = await import("./lazy.js");
const env = import.meta.env.X;
const pages = import.meta.glob<Page>(["./pages/**/*.ts", "!**/*.test.ts", "!./pages/no.ts"], { eager: true });
const all = import.meta.glob("/src/one/*.{js,ts}");
const none = import.meta.glob(`./${x}/*.ts`);
