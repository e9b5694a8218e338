import { Notification } from 'electron'
import type { Locale } from '../../preload/shapes.ts'

const words = {
  fr: {
    title: 'DNS prêt : {{domain}}',
    body: 'Tous les serveurs de noms publient ce que dimail attend. Vous pouvez demander à dimail de contrôler ce domaine.',
    silent:
      'Les serveurs de noms qui répondent publient ce que dimail attend ; d’autres ne répondent pas. Ouvrez le domaine pour les voir.',
  },
  en: {
    title: 'DNS ready: {{domain}}',
    body: 'Every name server publishes what dimail expects. You can ask dimail to check this domain.',
    silent:
      'The name servers that answer publish what dimail expects; others do not answer. Open the domain to see them.',
  },
} as const satisfies Record<Locale, Record<string, string>>

/** Those that may still be clicked: one that is collected as garbage forgets what a click does. */
const mostShown = 20

export type Notifier = {
  /** A domain that was waited for has its DNS. Says nothing where the system shows no notifications. */
  settled(domain: string, isSilent: boolean): void
}

/**
 * The system's own notifications. They may be read over a shoulder, and stay in the system's list: they name the domain
 * and nothing else (docs/security.md). `open`: one was clicked.
 */
export function createNotifier(deps: { locale: () => Locale; open: (domain: string) => void }): Notifier {
  const shown: Notification[] = []
  function forget(notification: Notification): void {
    const place = shown.indexOf(notification)
    if (place >= 0) shown.splice(place, 1)
  }

  return {
    settled(domain, isSilent) {
      if (!Notification.isSupported()) return
      const { title, body, silent } = words[deps.locale()]
      const notification = new Notification({
        title: title.replace('{{domain}}', () => domain),
        body: isSilent ? silent : body,
      })
      notification.once('click', () => {
        forget(notification)
        deps.open(domain)
      })
      notification.once('close', () => forget(notification))
      shown.push(notification)
      if (shown.length > mostShown) shown.shift()
      notification.show()
    },
  }
}
