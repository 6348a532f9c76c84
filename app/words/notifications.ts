import { unreachable } from '../assert.ts'
import type { Notification } from '../notifications.ts'
import type { Language } from './explain.ts'

export interface NotificationText {
  readonly title: string
  readonly body: string
}

/** Longer ones are cut by most desktops, and by us where they can't be. */
const LONGEST_NAME = 80

const WORDS = {
  'zh-CN': {
    finished: '上传完成',
    one: (name: string, folder: string) => `“${name}”已上传到${folder}`,
    several: (files: string, folder: string) => `${files} 个文件已上传到${folder}`,
    root: '云盘根目录',
    folder: (path: string) => ` ${path}`,
    problem: '有文件没有上传',
    problems: (count: string) => `${count} 个问题需要处理`,
    halted: '文件夹已停止同步',
    haltedOne: (name: string) => `“${name}”等待你处理`,
    haltedSeveral: (name: string, count: string) => `“${name}”等 ${count} 个文件夹等待你处理`,
    signedOut: '登录已失效',
    signInAgain: '重新登录后继续上传',
    showInFolder: '在文件夹中显示',
  },
  en: {
    finished: 'Upload finished',
    one: (name: string, folder: string) => `“${name}” was uploaded to ${folder}`,
    several: (files: string, folder: string) => `${files} files were uploaded to ${folder}`,
    root: 'the root folder',
    folder: (path: string) => path,
    problem: 'Some files weren’t uploaded',
    problems: (count: string) =>
      count === '1' ? '1 issue needs your attention' : `${count} issues need your attention`,
    halted: 'Folder sync has stopped',
    haltedOne: (name: string) => `“${name}” needs your decision`,
    haltedSeveral: (name: string, count: string) =>
      `“${name}” and others, ${count} folders in all, need your decision`,
    signedOut: 'The sign-in is no longer valid',
    signInAgain: 'Sign in to resume uploads',
    showInFolder: 'Show in folder',
  },
} as const

/** Names stand in the body alone: a title is cut short, and a desktop that reads markup does so in bodies. */
export function notificationText(notification: Notification, language: Language): NotificationText {
  const words = WORDS[language]
  const number = (count: number): string => new Intl.NumberFormat(language).format(count)
  switch (notification.kind) {
    case 'finished': {
      const { files, name, folder } = notification
      const to = folder === '/' ? words.root : words.folder(plain(folder))
      const body = files === 1 ? words.one(plain(name), to) : words.several(number(files), to)
      return { title: words.finished, body }
    }
    case 'problems':
      return { title: words.problem, body: words.problems(number(notification.count)) }
    case 'halted': {
      const [first = ''] = notification.folders
      const { length } = notification.folders
      const body =
        length === 1 ? words.haltedOne(plain(first)) : words.haltedSeveral(plain(first), number(length))
      return { title: words.halted, body }
    }
    case 'signed-out':
      return { title: words.signedOut, body: words.signInAgain }
    default:
      return unreachable(notification)
  }
}

export function showInFolderText(language: Language): string {
  return WORDS[language].showInFolder
}

/** For a desktop that reads markup in bodies: what looks like it is a name. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** One line, and not all of a very long name. */
function plain(name: string): string {
  const line = name.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
  return line.length > LONGEST_NAME
    ? `${Array.from(line)
        .slice(0, LONGEST_NAME - 1)
        .join('')}…`
    : line
}
