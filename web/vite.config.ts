import { defineConfig } from 'vite';

const PAGES = ['index', 'customer', 'driver', 'operator', 'track'];

export default defineConfig({
  // A page is served without ".html" in its address, and everything from the root of its host.
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    manifest: true, // what belongs to which page, for whoever adds up sizes
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: { polyfill: false }, // it would be an inline script in each page
    rollupOptions: { input: Object.fromEntries(PAGES.map((page) => [page, `${page}.html`])) },
  },
});
