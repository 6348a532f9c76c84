import type { Language } from '#app/words/explain'

/** What the system's own boxes say; the window's words are the renderer's. */
export interface DesktopWords {
  readonly retry: string
  readonly quit: string
  readonly stay: string
  readonly stillUploading: (files: number) => string
  readonly goesOnNextTime: string
  readonly syncEnds: string
  readonly nothingToStayIn: string
  readonly keepOpen: string
  readonly goesOnInTray: string
  readonly howToComeBack: string
  readonly gotIt: string
  readonly quitProgram: string
  readonly pageKeepsDying: string
  readonly uploadsGoOn: string
}

export const desktopWords: Readonly<Record<Language, DesktopWords>> = {
  'zh-CN': {
    retry: '重试',
    quit: '退出',
    stay: '继续上传',
    stillUploading: (files) => `还有 ${files} 个文件没有传完`,
    goesOnNextTime: '现在退出，下次启动时会从中断处继续',
    syncEnds: '关闭窗口后，文件夹不再同步',
    nothingToStayIn: '这个桌面没有系统托盘，程序无法在后台继续运行。下次打开时会补上期间的所有改动。',
    keepOpen: '先不关闭',
    goesOnInTray: '关闭窗口后，123pan Sync 会在系统托盘中继续运行',
    howToComeBack:
      '上传和同步不会中断。点击托盘图标可以重新打开窗口，也可以从托盘菜单退出；再次启动程序同样会打开窗口。',
    gotIt: '知道了',
    quitProgram: '退出程序',
    pageKeepsDying: '窗口界面多次意外关闭，已停止自动恢复',
    uploadsGoOn: '上传不受影响，仍在后台继续。可以重试打开界面；如果退出，下次启动时会从中断处继续。',
  },
  en: {
    retry: 'Retry',
    quit: 'Quit',
    stay: 'Keep uploading',
    stillUploading: (files) =>
      files === 1 ? 'One file hasn’t finished uploading' : `${files} files haven’t finished uploading`,
    goesOnNextTime: 'If you quit now, uploads resume where they left off the next time you open the app',
    syncEnds: 'Folders are no longer synced once you close the window',
    nothingToStayIn:
      'This desktop has no system tray for the app to keep running in. The next time you open it, everything that changed meanwhile is caught up.',
    keepOpen: 'Keep open',
    goesOnInTray: '123pan Sync keeps running in the system tray after you close the window',
    howToComeBack:
      'Uploads and sync go on. Click the tray icon to open the window again, or quit from its menu. Starting the app again opens the window too.',
    gotIt: 'Got it',
    quitProgram: 'Quit',
    pageKeepsDying: 'The window keeps crashing and is no longer reopened automatically',
    uploadsGoOn:
      'Uploads are not affected and continue in the background. Retry to reopen the window; if you quit, uploads resume where they left off the next time you open the app.',
  },
}
