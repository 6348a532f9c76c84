import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { emitLicences, refuseUnlicensed } from './build/licences.mjs'
import { emitIcons } from './build/tray-icons.mjs'

/** Every thread and the CLI are further inputs of the main build: each ends in a file of its own that `new Worker` or `node` can start. */
const MAIN_INPUTS = {
  start: 'main/start.ts',
  index: 'main/index.ts',
  cli: 'main/cli.ts',
  'engine.worker': 'main/engine/engine.worker.ts',
  'scan.worker': 'main/sync/scan.worker.ts',
  'transfer.worker': 'main/workers/transfer.worker.ts',
}

/** What a package of others takes if it is there, and which is there only for our own tools. */
const OPTIONAL = ['supports-color']

/** The page's policy lets it connect nowhere, and takes styles from files alone; while developing, they come over Vite's own socket. */
const allowLiveReload: Plugin = {
  name: 'allow-live-reload',
  apply: 'serve',
  transformIndexHtml: (html) =>
    html
      .replace("connect-src 'none'", 'connect-src ws:')
      .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
}

/** What conf, which is in electron-store, takes for schemas and migrations: settings here have neither, and it is most of what starts with the window. */
const UNUSED = ['ajv/dist/2020.js', 'ajv-formats', 'semver']

const leaveOutUnused: Plugin = {
  name: 'leave-out-unused',
  enforce: 'pre',
  resolveId: (id, importer) =>
    UNUSED.includes(id) && /[/\\]node_modules[/\\]conf[/\\]/u.test(importer ?? '') ? '\0unused' : undefined,
  load: (id) =>
    id === '\0unused'
      ? `export class Ajv2020 { constructor() { throw new Error('Left out by electron.vite.config.ts') } }
         export default {}`
      : undefined,
}

export default defineConfig({
  main: {
    // One file is read sooner than a hundred: only what is native stays outside, the `dependencies` of package.json.
    build: {
      sourcemap: true,
      rollupOptions: { input: MAIN_INPUTS, external: OPTIONAL },
    },
    plugins: [leaveOutUnused, emitLicences(), refuseUnlicensed(), emitIcons()],
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
    // What vue-i18n has for others: its older interface, its components, its developer tools.
    define: {
      __VUE_I18N_LEGACY_API__: false,
      __VUE_I18N_FULL_INSTALL__: false,
      __INTLIFY_PROD_DEVTOOLS__: false,
    },
    // It comes from the disk: parts would only come later.
    build: {
      minify: true,
      chunkSizeWarningLimit: 800,
      rollupOptions: { input: resolve('renderer/index.html') },
    },
    plugins: [vue(), allowLiveReload, refuseUnlicensed()],
  },
})
