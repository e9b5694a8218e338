import { useTranslation } from 'react-i18next'
import type { Account } from '../../preload/session-shapes.ts'
import { CopyButton } from '../parts/CopyButton.tsx'
import { External } from '../parts/External.tsx'
import classes from './session.module.css'

/** Whom to ask, as DeployCenter tells it. Its addresses are text: the console opens only its own links. */
export function Whom({ account: { organization, operator, potentialOperators } }: { account: Account }) {
  const { t } = useTranslation()
  return (
    <dl className={classes.facts}>
      {organization === null ? null : (
        <>
          <dt>{t('whom.organization')}</dt>
          <dd>
            <External>{organization}</External>
          </dd>
        </>
      )}
      {operator === null ? null : (
        <>
          <dt>{t('whom.operator')}</dt>
          <dd>
            <External>{operator.name}</External>
            {operator.url === null ? null : <Copied text={operator.url} label={t('whom.copyAddress')} />}
          </dd>
        </>
      )}
      {operator?.supportEmail ? (
        <>
          <dt>{t('whom.support')}</dt>
          <dd>
            <Copied text={operator.supportEmail} label={t('whom.copySupport')} />
          </dd>
        </>
      ) : null}
      {potentialOperators.length === 0 ? null : (
        <>
          <dt>{t('whom.potential')}</dt>
          <dd>
            <ul>
              {potentialOperators.map(({ name, signupUrl }) => (
                <li key={`${name} ${signupUrl}`}>
                  <External>{name}</External>
                  {signupUrl === null ? null : <Copied text={signupUrl} label={t('whom.copySignup')} />}
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  )
}

function Copied({ text, label }: { text: string; label: string }) {
  return (
    <div>
      <External>{text}</External> <CopyButton text={text} label={label} />
    </div>
  )
}
