import { useTranslation } from 'react-i18next'
import type { Provisioned } from '../../preload/provisioning-shapes.ts'
import { Ago } from '../parts/Ages.tsx'
import { External } from '../parts/External.tsx'
import classes from './domain.module.css'

/** What provisioning said of a domain; nothing when it said nothing. */
export function Attributes({ provisioned }: { provisioned: Provisioned | null }) {
  const { t } = useTranslation()
  if (provisioned === null) return null
  const { attributes, oidcAutojoin, identitySync, at } = provisioned
  const list = Object.entries(attributes)
  const said = (value: boolean) => t(value ? 'domain.attributes.yes' : 'domain.attributes.no')
  return (
    <section className={classes.card} aria-labelledby="attributes-title">
      <header>
        <h2 id="attributes-title">{t('domain.attributes.title')}</h2>
        <span className={classes.hint}>
          <Ago at={at} />
        </span>
      </header>
      <div className={classes.body}>
        {list.length === 0 ? <p className={classes.hint}>{t('domain.attributes.none')}</p> : null}
        <dl className={classes.attributes}>
          {list.map(([name, value]) => (
            <div key={name}>
              <dt>
                <External>{name}</External>
              </dt>
              <dd>
                <External>{String(value)}</External>
              </dd>
            </div>
          ))}
          <div>
            <dt>{t('domain.attributes.oidcAutojoin')}</dt>
            <dd>{said(oidcAutojoin)}</dd>
          </div>
          <div>
            <dt>{t('domain.attributes.identitySync')}</dt>
            <dd>{said(identitySync)}</dd>
          </div>
        </dl>
      </div>
    </section>
  )
}
