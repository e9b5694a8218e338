export type OpenWindow = { url: string; frameName: string; features: string }

/**
 * Refuses new windows inside the page: `open` answers null as it does in Electron when main denies, and a click
 * that would open one does nothing. `tell` hears of each. Self-contained: its source is injected.
 */
export function denyWindows(tell: (message: { openWindow: OpenWindow }) => void): void {
  const inPlace = ['', '_self', '_top', '_parent']
  const native = window.open.bind(window)
  const resolve = (url: string | URL) => new URL(url || 'about:blank', document.baseURI).href

  window.open = (url = '', frameName = '', features = '') => {
    if (frameName !== '' && inPlace.includes(frameName)) return native(url, frameName, features)
    tell({ openWindow: { url: resolve(url), frameName, features } })
    return null
  }

  function onClick(event: MouseEvent): void {
    const link = event
      .composedPath()
      .find((target) => target instanceof HTMLAnchorElement && target.href !== '')
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button === 2) return
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button === 1
    if (!modified && inPlace.includes(link.target)) return
    event.preventDefault()
    tell({ openWindow: { url: link.href, frameName: link.target, features: '' } })
  }
  window.addEventListener('click', onClick)
  window.addEventListener('auxclick', onClick)
  window.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || inPlace.includes(form.target)) return
    event.preventDefault()
    tell({ openWindow: { url: form.action, frameName: form.target, features: '' } })
  })
}
