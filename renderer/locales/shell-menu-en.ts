import type { ShellMenuMessages } from './messages.ts'

export const shellMenuEn: ShellMenuMessages = {
  shellMenu: {
    title: 'Right-click menu',
    on: 'Shown',
    off: 'Hidden',
    note: 'Right-click files or folders in the file manager to upload them to 123pan',
    finder:
      'Right-click in the Finder and upload to 123pan from Quick Actions. If it isn’t there, enable it under Extensions in System Settings.',
    installer: 'Added by the installer and removed on uninstall. The portable version has none.',
    package: 'Added for all users by the package and removed on uninstall',
    thunar: 'Right-click menu of Thunar',
    thunarNote: 'Thunar keeps its menu entries in each user’s own settings',
    damaged:
      'Thunar’s file of custom actions couldn’t be read, so it was left unchanged. Check “Configure custom actions” in Thunar.',
    linked:
      'Thunar’s file of custom actions is a link, so it was left unchanged. Add an entry by hand under “Configure custom actions” in Thunar.',
  },
}
