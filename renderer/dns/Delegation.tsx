import { useTranslation } from 'react-i18next'
import type { Diagnosis } from '../../preload/dns-shapes.ts'
import domainClasses from '../domain/domain.module.css'
import { External } from '../parts/External.tsx'
import classes from './dns.module.css'
import { Findings } from './Findings.tsx'

/** Which zone the name is in, who serves it, and what is wrong with that. */
export function Delegation({ diagnosis }: { diagnosis: Diagnosis }) {
  const { t } = useTranslation()
  const { delegation, host } = diagnosis
  const { zone, state, parent, child, findings } = delegation
  const isSame = child.length === 0 || [...parent].sort().join() === [...child].sort().join()
  const none = t(state === 'not-delegated' ? 'dns.delegation.noServer' : 'dns.delegation.serversUnread')
  return (
    <section className={domainClasses.card} aria-labelledby="delegation-title">
      <header>
        <h2 id="delegation-title">{t('dns.delegation.title')}</h2>
      </header>
      <div className={domainClasses.body}>
        <p>{t(`dns.delegation.state.${state}`)}</p>
        <dl className={classes.facts}>
          <div>
            <dt>{t('dns.delegation.zone')}</dt>
            <dd>
              {zone === null ? t('dns.delegation.noZone') : <External>{zone === '' ? '.' : zone}</External>}
            </dd>
          </div>
          <div>
            <dt>{t('dns.delegation.host')}</dt>
            <dd>{host === null ? t('dns.delegation.unknownHost') : host.name}</dd>
          </div>
          <div>
            <dt>{t(isSame ? 'dns.delegation.servers' : 'dns.delegation.parent')}</dt>
            <dd>
              <Names names={parent} none={none} />
            </dd>
          </div>
          {isSame ? null : (
            <div>
              <dt>{t('dns.delegation.child')}</dt>
              <dd>
                <Names names={child} none={none} />
              </dd>
            </div>
          )}
        </dl>
        <Findings findings={findings} />
      </div>
    </section>
  )
}

const atAGlance = 12

function Names({ names, none }: { names: readonly string[]; none: string }) {
  const { t } = useTranslation()
  if (names.length === 0) return none
  return (
    <>
      {names.slice(0, atAGlance).map((name) => (
        <div key={name}>
          <External>{name}</External>
        </div>
      ))}
      {names.length > atAGlance ? t('dns.moreNames', { count: names.length - atAGlance }) : null}
    </>
  )
}
