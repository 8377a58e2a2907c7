import { defineConfig } from 'vite';

const PAGES = ['index', 'customer', 'driver', 'operator', 'track'];

export default defineConfig({
  // A page is served without ".html" in its address, and everything from the root of its host.
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: { polyfill: false }, // it would be an inline script in each page
    rolldownOptions: {
      input: Object.fromEntries(PAGES.map((page) => [page, `${page}.html`])),
      output: {
        // Libraries change with their versions alone: a browser keeps them over most deployments.
        codeSplitting: {
          groups: [
            { name: 'libraries', test: /node_modules\/(?!aws4fetch)/ },
            { name: 'map', test: /src\/map\// },
          ],
        },
      },
    },
  },
});
