/** A setup file of Vitest's: each test file has a desktop of its own (screen, bus, keychain, home), so that several run at once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const SESSION = fileURLToPath(new URL('../../build/support/desktop-session.mjs', import.meta.url))
/** Says what its environment is, and stays. */
const STAY = 'console.log(JSON.stringify(process.env)); setInterval(() => {}, 1e9)'

if (process.platform === 'linux') {
  const session = spawn(process.execPath, [SESSION, process.execPath, '-e', STAY], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(session, 'exit')
  const lines = createInterface({ input: session.stdout })
  const told = await Promise.race([once(lines, 'line'), ended.then(() => undefined)])
  if (told === undefined)
    throw new Error('There is no desktop: see what build/support/desktop-session.sh said')
  const env = JSON.parse(String(told[0])) as NodeJS.ProcessEnv
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name)
  Object.assign(process.env, env)
  afterAll(async () => {
    session.kill()
    await ended
  })
}
