import { unwrap } from '../../preload/failure.ts'
import type { Handlers } from '../ipc.ts'
import type { OpenSession } from '../session/session.ts'

/** Who is at the console of the open profile. */
export function sessionHandlers(
  opened: () => { session: OpenSession },
): Pick<Handlers, 'session.read' | 'session.become'> {
  return {
    'session.read': () => opened().session.read(),
    'session.become': async ({ person }) => unwrap(await opened().session.become(person)),
  }
}
