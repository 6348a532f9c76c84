import { app } from 'electron'
import { dataFolder, openDataFolder } from './data-folder.ts'
import { launchOf, leave, secondStart } from './desktop/launch.ts'

/**
 * Where Electron begins. What is to be uploaded waits in the data folder before the lock is asked for: if another one has it, that one
 * takes it, and this one ends without having loaded the rest of the program.
 * What has to be done before Electron is ready belongs here: the rest may come later than that.
 */

const dataDir = dataFolder(process.env)
app.setPath('userData', dataDir)

start().catch(async (thrown: unknown) => {
  const { fatal } = await import('./index.ts')
  await fatal(thrown)
})

async function start(): Promise<void> {
  const launch = launchOf(process.argv, process.cwd())
  await openDataFolder(dataDir)
  await leave(dataDir, launch.upload)
  if (!app.requestSingleInstanceLock(secondStart(launch))) {
    app.quit()
    return
  }
  const { run } = await import('./index.ts')
  await run(dataDir, launch)
}
