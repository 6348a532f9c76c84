import { describe, expect, test } from 'vitest'
import type { RemoteEntry } from '#app/sync/tree'
import { fileKey, RemoteIndex } from '#main/transfers/remote-index'
import { destination, remoteFile, remoteFolder } from '#test/builders'
import { deferred, settled, type Deferred } from '#test/deferred'
import { failureOf } from '#test/failures'

const MINUTE = 60_000

/** An index over folders that the test fills, at a time the test sets. */
class Cloud {
  now = 1_000_000
  readonly folders = new Map<number, readonly RemoteEntry[]>()
  readonly asked: number[] = []
  /** Set: answers wait for it. */
  hold: Deferred<void> | undefined
  fails: Error | undefined
  readonly index = new RemoteIndex(
    async (folderID) => {
      this.asked.push(folderID)
      const entries = this.folders.get(folderID) ?? []
      await this.hold?.promise
      if (this.fails) throw this.fails
      return entries
    },
    () => this.now,
  )

  locate(path: string, notBefore = 0) {
    return this.index.locate(destination(path), notBefore)
  }
}

/** `/照片/秋/a.raw` is there. */
function photos(): Cloud {
  const cloud = new Cloud()
  cloud.folders.set(0, [remoteFolder('照片', 10), remoteFile('清单.txt')])
  cloud.folders.set(10, [remoteFolder('秋', 11)])
  cloud.folders.set(11, [remoteFile('a.raw')])
  return cloud
}

describe('where a file goes', () => {
  test('into a folder that is there: by its id, with what is in it', async () => {
    const place = await photos().locate('/照片/秋/b.raw')
    expect(place).toEqual({
      parentFileID: 11,
      filename: 'b.raw',
      containDir: false,
      missing: [],
      siblings: [remoteFile('a.raw')],
    })
  })

  test('into folders that are not there: by its path from the last one that is, and which will be made on the way', async () => {
    const place = await photos().locate('/照片/冬/雪/b.raw')
    expect(place).toEqual({
      parentFileID: 10,
      filename: '/冬/雪/b.raw',
      containDir: true,
      missing: ['0:/照片/冬', '0:/照片/冬/雪'],
      siblings: [],
    })
  })

  test('below a folder known by its id, names are resolved from there', async () => {
    const cloud = photos()
    const place = await cloud.index.locate(destination('/秋/b.raw', 10), 0)
    expect(place.parentFileID).toBe(11)
    expect(cloud.asked).not.toContain(0)
  })

  test('below another folder, the same names are other folders', async () => {
    const cloud = photos()
    const [one, other] = [destination('/新/b.raw', 10), destination('/新/b.raw', 11)]
    expect((await cloud.index.locate(one, 0)).missing).not.toEqual(
      (await cloud.index.locate(other, 0)).missing,
    )
    expect(fileKey(one)).not.toBe(fileKey(other))
  })

  test('where a file stands in place of a folder, it cannot, and the failure names it', async () => {
    const failure = await failureOf(photos().locate('/清单.txt/b.raw'))
    expect(failure).toMatchObject({ code: 'name-taken', detail: '清单.txt' })
  })

  test('where a folder and a file share a name, the folder is meant', async () => {
    const cloud = photos()
    cloud.folders.set(0, [remoteFile('照片'), remoteFolder('照片', 10)])
    expect((await cloud.locate('/照片/b.raw')).parentFileID).toBe(10)
  })

  test('a name in another case is another folder', async () => {
    const cloud = photos()
    cloud.folders.set(0, [remoteFolder('Photos', 10)])
    expect((await cloud.locate('/photos/b.raw')).missing).toEqual(['0:/photos'])
  })
})

describe('a listing', () => {
  test('serves all files of a folder', async () => {
    const cloud = photos()
    for (let no = 0; no < 50; no++) await cloud.locate(`/照片/${no}.raw`)
    expect(cloud.asked).toEqual([0, 10])
  })

  test('under way serves all who ask meanwhile', async () => {
    const cloud = photos()
    cloud.hold = deferred()
    const all = Array.from({ length: 20 }, (_, no) => cloud.locate(`/${no}.txt`))
    await settled()
    cloud.hold.resolve()
    await Promise.all(all)
    expect(cloud.asked).toEqual([0])
  })

  test('from before the person asked does not count', async () => {
    const cloud = photos()
    await cloud.locate('/a.txt')
    cloud.folders.set(0, [remoteFile('a.txt')])
    cloud.now += 1000
    expect((await cloud.locate('/a.txt', cloud.now)).siblings).toEqual([remoteFile('a.txt')])
  })

  test('that was under way before the person asked does not count either', async () => {
    const cloud = photos()
    cloud.hold = deferred()
    const early = cloud.locate('/a.txt')
    await settled()
    cloud.folders.set(0, [remoteFile('a.txt')])
    cloud.now += 1000
    const late = cloud.locate('/a.txt', cloud.now)
    await settled()
    cloud.hold.resolve()
    await early
    expect((await late).siblings).toEqual([remoteFile('a.txt')])
  })

  test.each([
    { name: 'nine minutes: believed', minutes: 9, asked: 1 },
    { name: 'eleven minutes: asked for anew', minutes: 11, asked: 2 },
  ])('after $name', async ({ minutes, asked }) => {
    const cloud = photos()
    await cloud.locate('/a.txt')
    cloud.now += minutes * MINUTE
    await cloud.locate('/b.txt')
    expect(cloud.asked).toHaveLength(asked)
  })

  test('that fails is not remembered: the next one asks again', async () => {
    const cloud = photos()
    cloud.fails = new Error('broke')
    await expect(cloud.locate('/a.txt')).rejects.toThrow('broke')
    cloud.fails = undefined
    expect((await cloud.locate('/a.txt')).parentFileID).toBe(0)
  })

  test('is asked for again when something was not as we thought', async () => {
    const cloud = photos()
    await cloud.locate('/照片/a.txt')
    cloud.folders.set(0, [])
    cloud.index.forget()
    expect((await cloud.locate('/照片/a.txt')).missing).toEqual(['0:/照片'])
  })
})

describe('a folder that one of our files has just made', () => {
  test('is missing no more, nor are those above it, though no listing shows them yet', async () => {
    const cloud = photos()
    await cloud.locate('/新/秋/a.raw')
    cloud.index.note(destination('/新/秋/a.raw'), remoteFile('a.raw'))
    expect((await cloud.locate('/新/秋/b.raw')).missing).toEqual([])
    expect((await cloud.locate('/新/b.raw')).missing).toEqual([])
    expect((await cloud.locate('/新/冬/b.raw')).missing).toEqual(['0:/新/冬'])
  })

  test('holds the file, for the next one of that name', async () => {
    const cloud = photos()
    await cloud.locate('/新/a.raw')
    cloud.index.note(destination('/新/a.raw'), remoteFile('a.raw', { fileID: 77 }))
    expect((await cloud.locate('/新/a.raw')).siblings).toEqual([remoteFile('a.raw', { fileID: 77 })])
  })

  test('and that somebody has deleted since is missing again', async () => {
    const cloud = photos()
    await cloud.locate('/新/a.raw')
    cloud.index.note(destination('/新/a.raw'), remoteFile('a.raw'))
    cloud.now += MINUTE
    const place = await cloud.locate('/新/a.raw', cloud.now)
    expect(place.siblings).toEqual([])
    expect(place.missing).toEqual(['0:/新'])
  })
})
