import { useTranslation } from 'react-i18next'
import type { Diagnosis, HostForm, ZoneChange } from '../../preload/dns-shapes.ts'
import { useLocale } from '../parts/locale.ts'
import classes from './dns.module.css'
import { LongText } from './LongText.tsx'
import own from './proposal.module.css'

type Props = { form: HostForm; host: Diagnosis['host']; of: string; act?: ZoneChange['act'] }

/** One record as the host's page wants it, a field at a time, each ready to be copied. */
export function HostFields({ form, host, of, act = 'add' }: Props) {
  const { t } = useTranslation()
  const called = form.labels[useLocale()]
  const what = act === 'delete' ? 'delete' : 'fill'
  const fields = [
    ['type', form.type],
    ['name', form.name],
    ['priority', form.priority === null ? null : String(form.priority)],
    ['value', form.value],
  ] as const
  return (
    <div className={own.form}>
      <p className={classes.quiet}>
        {host === null ? t(`dns.form.${what}`) : t(`dns.form.${what}At`, { host: host.name })}
      </p>
      <dl className={classes.facts}>
        {fields.map(([field, text]) =>
          text === null ? null : (
            <div key={field}>
              <dt>{called[field]}</dt>
              <dd>
                {text === '' ? (
                  t('dns.form.empty')
                ) : (
                  <LongText text={text} copy={t('dns.form.copy', { field: called[field], record: of })} />
                )}
              </dd>
            </div>
          ),
        )}
      </dl>
    </div>
  )
}
