import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const suite = (name: string, timeoutMs: number) => ({
  name,
  include: [`test/${name}/**/*.test.ts`],
  testTimeout: timeoutMs,
  hookTimeout: timeoutMs,
})

/** These measure: nothing else runs meanwhile. */
const MEASURING = ['cli-large', 'fluid', 'many', 'responsive', 'start', 'handover-speed']
/** About half of the others, by the time they take: each half has a desktop of its own. */
const FIRST_HALF = ['cli-*', 'crash', 'network', 'notifications', 'pages']

/** One desktop, one keychain: one file after another. */
const endToEnd = (name: string, include: readonly string[], exclude: readonly string[]) => ({
  ...suite(name, 180_000),
  include: include.map((file) => `test/e2e/${file}.test.ts`),
  exclude: exclude.map((file) => `test/e2e/${file}.test.ts`),
  fileParallelism: false,
})

export default defineConfig({
  plugins: [vue()],
  test: {
    // Mostly they wait: as many as the cores, or fewer, would leave a small machine idle.
    maxWorkers: 3,
    coverage: {
      include: ['app/**/*.ts'],
      reporter: ['text-summary'],
      reportsDirectory: 'out/coverage',
      thresholds: { lines: 95, branches: 95 },
    },
    projects: [
      { extends: true, test: suite('unit', 60_000) },
      {
        extends: true,
        test: { ...suite('integration', 120_000), globalSetup: 'test/support/build-worker.ts' },
      },
      { extends: true, test: endToEnd('e2e-first', FIRST_HALF, MEASURING) },
      { extends: true, test: endToEnd('e2e-second', ['*'], [...FIRST_HALF, ...MEASURING]) },
      { extends: true, test: endToEnd('e2e-measuring', MEASURING, []) },
      // What `npm run dist` has made, the program in it that PAN123_PACKED names: each may take long, and they share the system.
      { extends: true, test: { ...suite('installed', 120_000), fileParallelism: false } },
    ],
  },
})
