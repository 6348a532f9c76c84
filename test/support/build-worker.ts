import { build } from 'vite'

const OUT = new URL('../../node_modules/.cache/test-threads/', import.meta.url)

/** Where the integration tests find the threads. */
export const BUILT_WORKER = new URL('transfer.worker.js', OUT)
export const BUILT_SCANNER = new URL('scan.worker.js', OUT)
export const BUILT_ENGINE = new URL('engine.worker.js', OUT)

/** Vitest's global set-up: builds the threads once, as Node cannot start one from TypeScript. */
export async function setup(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      rolldownOptions: {
        input: {
          'transfer.worker': 'main/workers/transfer.worker.ts',
          'scan.worker': 'main/sync/scan.worker.ts',
          'engine.worker': 'main/engine/engine.worker.ts',
        },
      },
      outDir: 'node_modules/.cache/test-threads',
      sourcemap: true,
      target: 'node20',
    },
  })
}
