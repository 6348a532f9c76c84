import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const suite = (name: string, timeoutMs: number) => ({
  name,
  include: [`test/${name}/**/*.test.ts`],
  testTimeout: timeoutMs,
  hookTimeout: timeoutMs,
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
      // One desktop, one keychain: one file after another.
      { extends: true, test: { ...suite('e2e', 180_000), fileParallelism: false } },
    ],
  },
})
