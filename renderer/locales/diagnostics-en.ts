import type { DiagnosticsMessages } from './messages.ts'

export const diagnosticsEn: DiagnosticsMessages = {
  package: {
    title: 'Diagnostics package',
    note: 'Saves logs, versions and error records as one archive for troubleshooting. What is in it is listed before you save.',
    export: 'Export package…',
    choose: 'Choose where to save…',
    saved: 'Diagnostics package saved',
    show: 'Show in folder',
  },
  crash: {
    ended: 'The app ended unexpectedly last time.',
    endedWithSystem: 'The app didn’t quit properly last time. The computer may have lost power or restarted.',
    fault: 'The app had an internal error the last time it ran.',
    safe: 'Files on your disk are unaffected. Unfinished uploads are still in the list and resume where they left off.',
    setAside: 'Files on your disk are unaffected.',
    dismiss: 'Got it',
  },
}
