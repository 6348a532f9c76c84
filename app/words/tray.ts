import type { HoldReason } from '../conditions.ts'
import type { Language } from './explain.ts'

/** What the tray says. A sentence that stands alone has no full stop; of two, each has one. */
export interface TrayWords {
  readonly signedOut: string
  readonly signInEnded: string
  readonly storage: string
  readonly halted: (folders: readonly string[]) => string
  readonly issuesWait: (count: number) => string
  readonly offline: string
  readonly proxy: string
  /** `until`: a time of day, when it goes on by itself. */
  readonly paused: (until: string | undefined) => string
  readonly filesPaused: (files: number) => string
  readonly pairsPaused: string
  readonly held: Readonly<Record<HoldReason, string>>
  readonly rateLimited: string
  readonly uploading: string
  readonly comparing: string
  readonly waiting: string
  readonly inStep: string
  readonly nothing: string
  /** Parts of a tooltip, beside the sentence. */
  readonly filesLeft: (files: number) => string
  readonly issues: (count: number) => string
  readonly alsoPaused: string
  /** Entries of the menu. */
  readonly open: string
  readonly uploadFiles: string
  readonly uploadFolder: string
  readonly pause: string
  readonly halfAnHour: string
  readonly anHour: string
  readonly untilResumed: string
  readonly resume: string
  readonly goAnyway: string
  readonly showIssues: (count: number) => string
  readonly settings: string
  readonly quit: string
}

export const trayWords: Readonly<Record<Language, TrayWords>> = {
  'zh-CN': {
    signedOut: '未登录',
    signInEnded: '登录已失效，重新登录后继续上传',
    storage: '无法保存进度，磁盘可能已满',
    halted: ([first = '', ...others]) =>
      others.length === 0
        ? `“${first}”已停止同步，等待你处理`
        : `${others.length + 1} 个文件夹已停止同步，等待你处理`,
    issuesWait: (count) => `有 ${count} 个问题需要处理`,
    offline: '无法连接 123云盘，恢复后自动继续',
    proxy: '无法通过代理连接 123云盘，恢复后自动继续',
    paused: (until) => (until === undefined ? '已全部暂停' : `已全部暂停，${until} 自动继续`),
    filesPaused: (files) => `${files} 个文件已暂停`,
    pairsPaused: '文件夹同步已暂停',
    held: {
      battery: '正在使用电池，接通电源后自动继续',
      metered: '当前网络按流量计费，换到其他网络后自动继续',
    },
    rateLimited: '123云盘限制了请求频率，稍后自动继续',
    uploading: '正在上传',
    comparing: '正在检查文件夹',
    waiting: '有文件等待上传，稍后自动继续',
    inStep: '文件夹已全部同步',
    nothing: '没有要上传的文件',
    filesLeft: (files) => `剩余 ${files} 个文件`,
    issues: (count) => `${count} 个问题`,
    alsoPaused: '已全部暂停',
    open: '打开主窗口',
    uploadFiles: '上传文件…',
    uploadFolder: '上传文件夹…',
    pause: '全部暂停',
    halfAnHour: '暂停 30 分钟',
    anHour: '暂停 1 小时',
    untilResumed: '暂停，直到手动继续',
    resume: '全部继续',
    goAnyway: '仍然上传',
    showIssues: (count) => (count === 0 ? '问题' : `问题（${count}）`),
    settings: '设置',
    quit: '退出',
  },
  en: {
    signedOut: 'Not signed in',
    signInEnded: 'The sign-in is no longer valid. Sign in to resume uploads.',
    storage: 'Can’t save progress: the disk may be full',
    halted: ([first = '', ...others]) =>
      others.length === 0
        ? `“${first}” has stopped syncing and needs your decision`
        : `${others.length + 1} folders have stopped syncing and need your decision`,
    issuesWait: (count) =>
      count === 1 ? 'One issue needs your attention' : `${count} issues need your attention`,
    offline: 'Can’t connect to 123pan. Uploads resume automatically once it’s back.',
    proxy: 'Can’t connect to 123pan through the proxy. Uploads resume automatically once it’s back.',
    paused: (until) => (until === undefined ? 'All paused' : `All paused. Resumes at ${until}.`),
    filesPaused: (files) => (files === 1 ? 'One file is paused' : `${files} files are paused`),
    pairsPaused: 'Folder sync is paused',
    held: {
      battery: 'On battery. Uploads resume once the computer is plugged in.',
      metered: 'On a metered network. Uploads resume on another one.',
    },
    rateLimited: '123pan is limiting requests. Uploads resume shortly.',
    uploading: 'Uploading',
    comparing: 'Checking folders',
    waiting: 'Files are waiting. Uploads resume automatically.',
    inStep: 'All folders are in sync',
    nothing: 'Nothing to upload',
    filesLeft: (files) => (files === 1 ? '1 file left' : `${files} files left`),
    issues: (count) => (count === 1 ? '1 issue' : `${count} issues`),
    alsoPaused: 'All paused',
    open: 'Open 123pan Sync',
    uploadFiles: 'Upload files…',
    uploadFolder: 'Upload folder…',
    pause: 'Pause all',
    halfAnHour: 'Pause for 30 minutes',
    anHour: 'Pause for 1 hour',
    untilResumed: 'Pause until I resume',
    resume: 'Resume all',
    goAnyway: 'Upload anyway',
    showIssues: (count) => (count === 0 ? 'Issues' : `Issues (${count})`),
    settings: 'Settings',
    quit: 'Quit',
  },
}
