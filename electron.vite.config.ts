import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { emitLicences, refuseUnlicensed } from './build/licences.mjs'

/** Every thread and the CLI are further inputs of the main build: each ends in a file of its own that `new Worker` or `node` can start. */
const MAIN_INPUTS = {
  index: 'main/index.ts',
  cli: 'main/cli.ts',
  'engine.worker': 'main/engine/engine.worker.ts',
  'transfer.worker': 'main/workers/transfer.worker.ts',
}

/** The page's policy lets it connect nowhere; while developing, Vite's own socket is needed. */
const allowLiveReload: Plugin = {
  name: 'allow-live-reload',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace("connect-src 'none'", 'connect-src ws:'),
}

export default defineConfig({
  main: {
    build: { sourcemap: true, rollupOptions: { input: MAIN_INPUTS } },
    plugins: [emitLicences(), refuseUnlicensed()],
  },
  preload: {
    // CommonJS, because a sandboxed preload cannot be a module.
    build: {
      rollupOptions: {
        input: { index: 'preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    build: { minify: true, rollupOptions: { input: 'renderer/index.html' } },
    plugins: [vue(), allowLiveReload, refuseUnlicensed()],
  },
})
