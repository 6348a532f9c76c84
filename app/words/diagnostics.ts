import type { Language } from './explain.ts'

/** What is in a diagnostics package and what is not: read in the window before it is saved, and in its README. */
export interface DiagnosticsWords {
  /** Of the file, before the day. */
  readonly file: string
  readonly title: string
  readonly contains: string
  /** Each with what it holds. */
  readonly contents: readonly (readonly [file: string, what: string])[]
  readonly leavesOut: string
  readonly left: readonly string[]
  readonly sentNowhere: string
}

export const diagnosticsWords: Readonly<Record<Language, DiagnosticsWords>> = {
  'zh-CN': {
    file: '123pan Sync 诊断包',
    title: '123pan Sync 诊断包',
    contains: '包含',
    contents: [
      ['versions.json', '应用、Electron 和系统的版本，安装方式'],
      ['settings.json', '设置中的开关和数值'],
      ['queue.json', '各种状态、各种失败原因的文件数量，同步文件夹的数量与状态'],
      ['logs', '运行日志：启动与退出、登录状态、传输失败的代码、同步停止的原因'],
      ['crashes', '程序出错时的记录：错误类型与出错的代码位置'],
    ],
    leavesOut: '不包含',
    left: [
      '令牌、密码、client secret',
      '账号名、手机号、邮箱',
      '文件名、文件夹名和路径，文件内容',
      '代理服务器的地址与用户名',
      '内存转储',
    ],
    sentNowhere: '诊断包只保存在你选择的位置，应用不会自行发送。是否发给别人由你决定。',
  },
  en: {
    file: '123pan Sync diagnostics',
    title: '123pan Sync diagnostics package',
    contains: 'Contains',
    contents: [
      ['versions.json', 'Versions of app, Electron and system, and how it was installed'],
      ['settings.json', 'Switches and numbers from the settings'],
      ['queue.json', 'Files by state and by reason of failure; synced folders by state'],
      ['logs', 'Start and quit, sign-in state, error codes, why syncing stopped'],
      ['crashes', 'Internal errors: their type, and where in the code'],
    ],
    leavesOut: 'Doesn’t contain',
    left: [
      'Tokens, passwords, client secrets',
      'Account name, phone number, email',
      'Names, paths or content of files',
      'Address or username of a proxy',
      'Memory dumps',
    ],
    sentNowhere: 'It is saved only where you choose. The app sends it nowhere.',
  },
}

/** README.txt of the package. Lines end as every system's editor shows them. */
export function diagnosticsReadme(language: Language): string {
  const { title, contains, contents, leavesOut, left, sentNowhere } = diagnosticsWords[language]
  const colon = language === 'en' ? ': ' : '：'
  return [
    title,
    '',
    contains,
    ...contents.map(([file, what]) => `- ${file}${colon}${what}`),
    '',
    leavesOut,
    ...left.map((what) => `- ${what}`),
    '',
    sentNowhere,
    '',
  ].join('\r\n')
}
