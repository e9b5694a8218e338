import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from '../fakes/folders.ts'

type Pair = { key: string; cert: string }

/** An authority (PEM) and two certificates of it: for this computer, and for another host. */
export function certificates(): { authority: string; good: Pair; elsewhere: Pair } {
  const cwd = folder()
  const openssl = (command: string) => execFileSync('openssl', command.split(' '), { cwd, stdio: 'pipe' })
  const read = (file: string) => readFileSync(join(cwd, file), 'utf8')
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=Fictive-CA')
  function signed(file: string, names: string): Pair {
    writeFileSync(join(cwd, `${file}.ext`), `subjectAltName=${names}\n`)
    openssl(`req -newkey rsa:2048 -nodes -keyout ${file}.key -out ${file}.csr -subj /CN=localhost`)
    openssl(
      `x509 -req -in ${file}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ${file}.ext -out ${file}.pem`,
    )
    return { key: read(`${file}.key`), cert: read(`${file}.pem`) }
  }
  const good = signed('good', 'DNS:localhost,IP:127.0.0.1')
  return { authority: read('ca.pem'), good, elsewhere: signed('elsewhere', 'DNS:mail.example') }
}
