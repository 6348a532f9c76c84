import { build } from 'vite'

/** Where the integration tests find the transfer thread. */
export const BUILT_WORKER = new URL(
  '../../node_modules/.cache/test-worker/transfer.worker.js',
  import.meta.url,
)

/** Vitest's global set-up: builds the transfer thread once, as Node cannot start a thread from TypeScript. */
export async function setup(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: 'main/workers/transfer.worker.ts',
      outDir: 'node_modules/.cache/test-worker',
      sourcemap: true,
      target: 'node20',
    },
  })
}
