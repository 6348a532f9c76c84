import type { ComfortMessages } from './messages.ts'

export const comfortEn: ComfortMessages = {
  comfort: {
    startTitle: 'Startup',
    autostart: 'Start when I log in',
    autostartNote: 'Starts in the background without a window, and keeps folders in sync',
    autostartMoved: 'The app has moved, so it no longer starts by itself. Turn it on again to fix this.',
    autostartBySystem: 'Turned off in the system’s settings',
    autostartApproval: 'Still has to be allowed under “Login Items” in System Settings',
    autostartOpen: 'Open System Settings',
    autostartDevelopment: 'A development build can’t start by itself',
    powerTitle: 'Power and network',
    battery: 'Pause uploads on battery',
    batteryNote: 'They resume once the computer is plugged in',
    metered: 'Pause uploads on metered networks',
    meteredNote: 'They resume on another network. The system’s network settings decide.',
    awake: 'Keep the computer awake while uploading',
    awakeNote: 'The screen still turns off. Ends with the uploads, with a pause, or when offline.',
    notifyTitle: 'Notifications',
    notifyFinished: 'Uploads finished',
    notifyFinishedNote: 'Once for all files of a batch; not for folder sync',
    notifyProblems: 'Problems',
    notifyProblemsNote: 'When files can’t be uploaded, sync stops, or the sign-in ends',
    onBattery: 'On battery: uploads are paused and resume once the computer is plugged in',
    onMetered: 'On a metered network: uploads are paused and resume on another one',
    anyway: 'Upload anyway',
    pair: {
      battery: 'Paused on battery',
      metered: 'Paused on a metered network',
    },
  },
}
