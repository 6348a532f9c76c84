export const shellMenuZhCN = {
  shellMenu: {
    title: '右键菜单',
    on: '显示',
    off: '不显示',
    note: '在文件管理器中右键文件或文件夹，即可上传到 123云盘',
    finder: '在访达中右键，从“快速操作”上传到 123云盘。若没有出现，请在系统设置的扩展中启用。',
    installer: '由安装程序添加，卸载时移除；免安装版没有右键菜单',
    package: '由软件包为所有用户添加，卸载时移除',
    thunar: 'Thunar 的右键菜单',
    thunarNote: 'Thunar 的菜单项保存在每个用户自己的设置中',
    damaged: 'Thunar 的自定义动作文件无法识别，没有改动它。请在 Thunar 的“配置自定义动作”中检查。',
    linked: 'Thunar 的自定义动作文件是一个链接，没有改动它。请在 Thunar 的“配置自定义动作”中手动添加。',
  },
} as const
