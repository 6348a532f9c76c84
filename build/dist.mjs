/**
 * `npm run dist`: builds, and packages into dist/. What follows `--` is electron-builder's.
 *
 *   npm run dist [-- --dir]...
 */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildApp } from './support/build-app.mjs'
import { packagingFailure, withoutStack } from './support/packaging-failure.mjs'
import { ROOT, Told, runMain, start } from './support/process.mjs'

await runMain(async () => {
  if (!(await buildApp())) throw new Told('dist: the app could not be built: see the messages above.')
  console.log('dist: electron-builder, which downloads Electron and its own tools from GitHub.')
  const program = join(ROOT, 'node_modules/electron-builder/cli.js')
  const args = [program, '--publish', 'never', ...process.argv.slice(2)]
  const { child, ended } = start(process.execPath, args, { capture: true })
  /** @type {string[]} */
  const lines = []
  for (const input of [child.stdout, child.stderr])
    if (input)
      createInterface({ input }).on('line', (line) => {
        lines.push(line)
        const shown = withoutStack(line)
        if (shown !== undefined) console.log(shown)
      })
  const code = await ended
  if (code !== 0) throw new Told(packagingFailure(lines, code))
  return 0
})
