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
/** These load a script before the program's own, which a packed one refuses. */
const UNPACKED_ONLY = process.env['PAN123_PACKED'] ? ['starting'] : []
/** Of the suite, what `npm test` also has the packed program do; all of it does `npm test -- packed`. */
const PACKED_SLICE = ['app', 'security', 'cli-upload']

/** In the window or on a terminal of the built program, or of the packed one that PAN123_PACKED names. */
const endToEnd = (name: string, include: readonly string[], exclude: readonly string[]) => ({
  ...suite(name, 180_000),
  include: include.map((file) => `test/e2e/${file}.test.ts`),
  exclude: exclude.map((file) => `test/e2e/${file}.test.ts`),
  ...ON_A_DESKTOP,
})

/** Elsewhere than on Linux it is the person's own, where windows would take the focus from each other. */
const ON_A_DESKTOP = {
  setupFiles: 'test/support/own-desktop.ts',
  fileParallelism: process.platform === 'linux',
}

export default defineConfig({
  plugins: [vue()],
  test: {
    // Mostly they wait: as many as the cores, or fewer, would leave a small machine idle.
    maxWorkers: 4,
    // What is waited for comes at once on a quiet machine: this is for the others.
    expect: { poll: { timeout: 15_000, interval: 50 } },
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
      { extends: true, test: endToEnd('e2e', ['*'], [...MEASURING, ...UNPACKED_ONLY]) },
      { extends: true, test: endToEnd('e2e-slice', PACKED_SLICE, []) },
      { extends: true, test: { ...endToEnd('e2e-measuring', MEASURING, []), fileParallelism: false } },
      // What `npm run dist` has made, the program in it that PAN123_PACKED names.
      { extends: true, test: { ...suite('installed', 120_000), ...ON_A_DESKTOP } },
    ],
  },
})
