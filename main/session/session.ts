import { failed, ok, type Result } from '../../preload/failure.ts'
import type { Person, Session } from '../../preload/people-shapes.ts'
import type { Workspace } from '../jobs/workspace.ts'
import { convertInvitations } from '../rights/invitations.ts'
import { sandboxPeople } from './sandbox-people.ts'

export type OpenSession = {
  read(): Session
  person(): Person
  /** Acts as somebody else of the sandbox; their invitations become accesses. */
  become(id: string): Promise<Result<Session>>
}

type Deps = Pick<Workspace, 'profile' | 'desk' | 'now' | 'rightsChanged'> & {
  changed: (session: Session) => void
}

/**
 * Who is at this console: support, named by dimail's account, until the program lets people sign in. In the
 * sandbox one may act as others; a restart is support again.
 */
export function openSession({ profile, desk, now, rightsChanged, changed }: Deps): OpenSession {
  const support: Person = { id: profile.username, name: profile.username, support: true }
  const people = profile.kind === 'sandbox' ? [support, ...sandboxPeople] : []
  let current = support
  const read = (): Session => ({ person: current, people })
  return {
    read,
    person: () => current,
    async become(id) {
      const next = people.find((one) => one.id === id)
      if (!next) return failed('not-found', 'person', 'There is nobody of this name to act as.')
      await convertInvitations({ desk, now, rightsChanged, person: () => next }, next)
      current = next
      changed(read())
      return ok(read())
    },
  }
}
