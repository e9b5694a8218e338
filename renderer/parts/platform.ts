/** The key that every shortcut of the system holds: Mantine's `mod`. */
const mod = /^(Mac|iP)/.test(navigator.platform) ? '⌘' : 'Ctrl '

export const searchKey = `${mod}K`
