import { join } from 'node:path'
import { openDesk } from '../../main/store/desk.ts'
import { unwrap } from '../../preload/failure.ts'
import { granted } from './store-accesses-given.ts'

/** A program that dies while it writes the fiftieth of a hundred accesses: reading its name kills it. */
const [folder = ''] = process.argv.slice(2)
const { desk } = unwrap(openDesk(join(folder, 'desk.db'), Date.now))
const changes = Array.from({ length: 100 }, (_, n) => granted(`d${n}.example`))
const fiftieth = changes[49]?.wanted
if (!fiftieth) throw new Error('There are a hundred')
Object.defineProperty(fiftieth, 'name', { enumerable: true, get: () => process.kill(process.pid, 'SIGKILL') })
process.stdout.write('writing\n')
await desk.changeAccesses(changes, { actor: 'alix', at: 7 })
process.stdout.write('written\n')
