import App from "./App.vue";
import Page from "./Page";
import Side from "./Side.svelte";
